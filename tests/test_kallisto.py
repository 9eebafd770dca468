"""Our abundances against those of the real kallisto, to the six digits it prints.

Needs Debian's packages kallisto and kallisto-examples; without them the tests are
skipped, or fail where REQUIRE_KALLISTO is set.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import em
from em.kallisto import files, lengths, stopping
from em.kallisto.lengths import effective_lengths, normal_fragments
from em.models import transcripts
from em.models.transcripts import Abundances

EXAMPLE = Path("/usr/share/doc/kallisto/test")
PAIR = [EXAMPLE / f"reads_{end}.fastq.gz" for end in (1, 2)]
COMMITTED = em.data("kallisto/SOURCE.txt").parent


def run(*arguments: object) -> None:
    subprocess.run(
        ["kallisto", *map(str, arguments)], check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder that holds the index of kallisto's example."""
    missing = [
        package
        for package, there in (
            ("kallisto", shutil.which("kallisto")),
            ("kallisto-examples", PAIR[0].exists()),
        )
        if not there
    ]
    if missing:
        if os.environ.get("REQUIRE_KALLISTO"):
            pytest.fail(f"no {missing}, and REQUIRE_KALLISTO is set")
        pytest.skip(f"apt-get install {' '.join(missing)}, then run again")
    folder = tmp_path_factory.mktemp("kallisto")
    run("index", "-i", folder / "tx.idx", EXAMPLE / "transcripts.fasta.gz")
    return folder


@pytest.fixture(scope="module")
def estimated(folder):
    """Let kallisto estimate the lengths of fragments; give where its files are."""
    index = ("-i", folder / "tx.idx")
    run("quant", *index, "-o", folder / "quant", "--plaintext", *PAIR)
    run("pseudo", *index, "-o", folder / "pseudo", *PAIR)
    (folder / "batch.txt").write_text("\t".join(["s1", *map(str, PAIR)]))
    batch = ("-B", folder / "batch.txt")
    run("bus", *index, "-o", folder / "bus", "--paired", *batch)
    return folder


def agree(answer: Path, pseudo: Path, lengths: np.ndarray) -> None:
    """Fit the classes in `pseudo`; compare with the table in `answer`."""
    table = files.read_abundance(answer / "abundance.tsv")
    classes = files.read_classes(
        pseudo / "pseudoalignments.ec",
        pseudo / "pseudoalignments.tsv",
        lengths,
    )
    start = Abundances(np.full(len(lengths), 1 / len(lengths)))
    fit = em.fit(
        transcripts, classes, start, until=stopping.converged, max_iter=10_000
    )
    last = stopping.last_round(classes, fit.params)
    for ours, theirs in (
        (lengths, table.eff_length),
        (last.alpha, table.est_counts),
        (transcripts.tpm(classes, last), table.tpm),
    ):
        assert [f"{x:.6g}" for x in ours] == [f"{x:.6g}" for x in theirs]
    assert (last.alpha > 0).sum() > 10  # there was something to compare


def lengths_of(answer: Path) -> np.ndarray:
    return files.read_abundance(answer / "abundance.tsv").length


def test_with_fragment_lengths_that_kallisto_estimates(estimated):
    quant = estimated / "quant"
    fragments = files.read_fragments(estimated / "bus/flens.txt")
    lengths = effective_lengths(lengths_of(quant), fragments)
    agree(quant, estimated / "pseudo", lengths)


@pytest.mark.parametrize("single", [False, True], ids=["pairs", "single"])
@pytest.mark.parametrize(
    ("mean", "sd"),
    [(200, 30), (900, 200)],  # the second is cut off at 1,000
)
def test_with_fragment_lengths_that_are_given(
    folder, tmp_path, single, mean, sd
):
    given = ["-i", folder / "tx.idx", "-l", mean, "-s", sd]
    reads = ["--single", PAIR[0]] if single else PAIR
    # Else `quant` takes out transcripts that a fragment would stick out of, and
    # `pseudo` does not.
    overhang = ["--single-overhang"] if single else []
    quant, pseudo = tmp_path / "quant", tmp_path / "pseudo"
    run("quant", *given, "-o", quant, "--plaintext", *overhang, *reads)
    run("pseudo", *given, "-o", pseudo, *reads)
    fragments = normal_fragments(mean, sd)
    lengths = effective_lengths(lengths_of(quant), fragments)
    agree(quant, pseudo, lengths)


def test_without_effective_lengths(estimated, tmp_path):
    pseudo = estimated / "pseudo"
    run(
        *("quant-tcc", "-i", estimated / "tx.idx", "-o", tmp_path),
        *("-e", pseudo / "pseudoalignments.ec"),
        pseudo / "pseudoalignments.tsv",
    )
    agree(tmp_path, pseudo, np.ones(14))


def test_the_version_is_the_one_that_the_package_names(folder):
    told = subprocess.run(
        ["kallisto", "version"], check=True, capture_output=True, text=True
    ).stdout
    version = re.search(r"\d+\.\d+", told).group()
    assert f"kallisto, {version}." in em.data("kallisto/SOURCE.txt").read_text()
    for module in (files, lengths, stopping):
        assert f"kallisto {version}" in module.__doc__


def test_all_classes_are_in_both_files(estimated):
    """A file of counts that is cut at the end of a line is told by that."""
    pseudo = estimated / "pseudo"
    listed, counted = (
        (pseudo / f"pseudoalignments.{end}").read_text().splitlines()
        for end in ("ec", "tsv")
    )
    assert len(listed) == len(counted) > 14


@pytest.mark.parametrize(
    "name",
    [
        "quant/abundance.tsv",
        "pseudo/pseudoalignments.ec",
        "pseudo/pseudoalignments.tsv",
        "bus/flens.txt",
    ],
)
def test_the_committed_tables_are_what_kallisto_gives_today(estimated, name):
    fresh = estimated / name
    assert fresh.read_bytes() == (COMMITTED / fresh.name).read_bytes()
