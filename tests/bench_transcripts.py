"""How fast: our rounds against kallisto's, on classes of the size of real ones.

Run by `make bench`. Exits with an error where answers differ or the bar is missed.
Given the name of a file, writes what it measured there: the page reads such a file.
Both do the same rounds from the same start, on one core each (no part of ours starts
threads); compared is the time that the processor spent, which other work on the machine
disturbs least. kallisto computes no log-likelihood; the bar is for rounds of ours with
it, as in `em.fit`. The time without it, for the same work, is printed too.
"""

import json
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

import em
from em.kallisto import stopping
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

TRANSCRIPTS, FAMILY, SHARED, READS = 200_000, 20, 600_000, 20_000_000
BAR, REPEATS = 0.55, 5


def simulate(rng: np.random.Generator) -> tuple[csr_array, np.ndarray]:
    """Give the members of classes, and how many reads fit each.

    A class for each transcript alone, then 600,000 of several transcripts of one
    family of 20: of four transcripts on average, all in all.
    """
    family = np.sort(rng.integers(0, TRANSCRIPTS // FAMILY, SHARED))
    order = rng.random((SHARED, FAMILY), dtype=np.float32).argsort(axis=1)
    drawn = order < np.minimum(2 + rng.poisson(3, SHARED), FAMILY)[:, None]
    bits = (family << FAMILY) + drawn @ (1 << np.arange(FAMILY))
    once = np.unique(bits, return_index=True)[1]  # no class comes twice
    rows, columns = np.nonzero(drawn[once])
    shared = family[once][rows] * FAMILY + columns
    members = csr_array(
        (
            np.ones(TRANSCRIPTS + len(rows)),
            np.concatenate([np.arange(TRANSCRIPTS), shared]),
            np.concatenate(
                [
                    np.arange(TRANSCRIPTS),
                    TRANSCRIPTS + np.searchsorted(rows, np.arange(len(once))),
                    [TRANSCRIPTS + len(rows)],
                ]
            ),
        ),
        shape=(TRANSCRIPTS + len(once), TRANSCRIPTS),
    )
    truth = Abundances(np.exp(rng.normal(0, 2, TRANSCRIPTS)))
    places = rng.integers(1, 400, members.shape[0])
    _, made = transcripts.sample(truth, members, places, READS, rng)
    return members, np.asarray(made.sum(axis=1), dtype=int)


def bare(classes: Classes, abundances: Abundances) -> tuple[np.ndarray, float]:
    """Give the reads of each transcript, as the model does; no log-likelihood."""
    per_place = abundances.alpha / abundances.alpha.sum() / classes.lengths
    evidence = classes.members @ per_place
    return per_place * (classes.counts / evidence @ classes.members), 0.0


# The model as kallisto has it: the same steps, but no log-likelihood.
BARE = SimpleNamespace(
    check=transcripts.check, e_step=bare, m_step=transcripts.m_step
)


def rounds_until_calm(
    model: Any, classes: Classes
) -> tuple[Abundances, int, float]:
    """Run until kallisto's rule holds; give α, the rounds, and the seconds.

    `em.fit` would keep every step; of a run this long only the last two are kept.
    """
    start = Abundances(np.full(TRANSCRIPTS, 1 / TRANSCRIPTS))
    run = em.run(model, classes, start)
    before = next(run)
    begin = time.process_time()
    for number, step in enumerate(run, start=1):
        if number >= 52 and stopping.calm(before.params, step.params):
            break
        before = step
    last = stopping.last_round(classes, step.params)
    return last, number + 1, time.process_time() - begin


def theirs(folder: Path, counts: np.ndarray) -> tuple[list[str], float]:
    """Run `kallisto quant-tcc`; give est_counts as printed, and the seconds."""
    table = folder / "counts.tsv"
    table.write_text("".join(f"{c}\t{k}\n" for c, k in enumerate(counts)))
    begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(
        [
            *("kallisto", "quant-tcc", "-T", folder / "names"),
            *("-e", folder / "classes.ec", "-o", folder / "out", table),
        ],
        check=True,
        capture_output=True,
    )
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin
    lines = (folder / "out/abundance.tsv").read_text().splitlines()[1:]
    return [line.split("\t")[3] for line in lines], spent


def race(folder: Path) -> dict[str, float]:
    """Print what came out; give the milliseconds per round."""
    members, counts = simulate(np.random.default_rng(0))
    pairs = len(members.indices)
    print(
        f"{TRANSCRIPTS:,} transcripts, {len(counts):,} classes of mean size "
        f"{pairs / len(counts):.2f} ({(counts > 0).sum():,} with reads), "
        f"{counts.sum():,} reads"
    )
    names = (f"t{number}\n" for number in range(TRANSCRIPTS))
    (folder / "names").write_text("".join(names))
    rows = np.split(members.indices, members.indptr[1:-1])
    (folder / "classes.ec").write_text(
        "".join(
            f"{c}\t{','.join(map(str, row))}\n" for c, row in enumerate(rows)
        )
    )
    # The same classes with counts that converge in the fewest rounds possible: what
    # the two differ by is rounds alone, so all that comes once is left out.
    easy = np.where(counts > 0, 1, 0)
    easy[:TRANSCRIPTS] = 1000
    lengths = np.ones(
        TRANSCRIPTS
    )  # as `quant-tcc` has it without a file of them
    few = rounds_until_calm(BARE, Classes(members, easy, lengths))[1]
    classes = Classes(members, counts, lengths)
    times = []
    print("ms a round: ours, ours with log-likelihood, kallisto; kallisto once")
    for _ in range(REPEATS):
        last, many, least = rounds_until_calm(BARE, classes)
        _, _, whole = rounds_until_calm(transcripts, classes)
        printed, long = theirs(folder, counts)
        _, short = theirs(folder, easy)
        kallistos = (long - short) / (many - few)
        times.append((least / many, whole / many, kallistos))
        print(
            "".join(f"{1e3 * time:8.1f}" for time in times[-1])
            + f"{short - few * kallistos:8.1f} s"
        )
        wrong = sum(
            f"{ours:.6g}" != f"{float(text):.6g}"
            for ours, text in zip(last.alpha, printed, strict=True)
        )
        if wrong:
            sys.exit(f"{wrong} est_counts differ in their six digits")
    print(f"after {many} rounds all est_counts are equal to six digits")
    same, whole, kallistos = 1e3 * np.median(times, axis=0)
    print(f"ratio, with log-likelihood: {whole / kallistos:.2f}")
    print(f"ratio, the same work:       {same / kallistos:.2f}")
    return {
        "ours": round(same, 1),
        "ours with log-likelihood": round(whole, 1),
        "kallisto": round(kallistos, 1),
    }


def scaling() -> list[list[float]]:
    """Print and give classes, pairs and milliseconds per round, for more and more."""
    print("\n   classes      pairs  ms a round   ns a pair")
    found = []
    for size in (1_000, 10_000, 100_000, 1_000_000):
        rng = np.random.default_rng(size)
        first = rng.integers(0, size // 4, size)
        members = [{t, t // 2, t // 3, t // 5} for t in first.tolist()]
        counts = rng.integers(1, 50, size)
        classes = Classes(members, counts, np.full(size // 4, 1000))
        abundances = Abundances(np.ones(size // 4))
        times = []
        for _ in range(20):
            begin = time.process_time()
            reads, _ = transcripts.e_step(classes, abundances)
            transcripts.m_step(classes, reads)
            times.append(1e3 * (time.process_time() - begin))
        pairs, best = classes.members.nnz, min(times)
        print(
            f"{size:10,} {pairs:10,}  {best:10.3f}  {1e6 * best / pairs:10.1f}"
        )
        found.append([size, pairs, round(best, 4)])
    return found


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(": ")[1] for line in lines if "model name" in line]
    return names[0] if names else platform.processor()


def main() -> None:
    machine = f"one core of an {processor()}, {platform.system()}"
    print(f"on {machine}")
    if shutil.which("kallisto") is None:
        sys.exit("no kallisto: apt-get install kallisto, then run again")
    with tempfile.TemporaryDirectory() as folder:
        per_round = race(Path(folder))
    measured = {"machine": machine, "race": per_round, "rounds": scaling()}
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(json.dumps(measured, indent=1) + "\n")
    if per_round["ours with log-likelihood"] > BAR * per_round["kallisto"]:
        sys.exit(f"\nthe ratio is above {BAR}")


if __name__ == "__main__":
    main()
