"""Reads and transcripts: what only they have to keep to; kallisto's files."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import multinomial

import em
from em.kallisto import files
from em.kallisto import lengths as kallisto
from em.models import transcripts
from em.models.transcripts import Abundances
from em.read_classes import Classes

FOLDER = em.data("kallisto/SOURCE.txt").parent
TOY = Classes([[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]], [1] * 5, [1, 1, 1])
THIRDS = Abundances([1, 1, 1])


def test_pachters_five_reads():
    """Step by step as published, and where they end in closed form."""
    steps = em.run(transcripts, TOY, THIRDS)
    next(steps)
    for expected in ([0.466667, 0.266667], [0.547879, 0.226061]):
        alpha = next(steps).params.alpha / 5
        np.testing.assert_allclose(alpha[:2], expected, atol=5e-7)
        assert alpha[1] == alpha[2]
    g = (7 - np.sqrt(17)) / 16
    fit = em.fit(transcripts, TOY, THIRDS, tol=1e-13)
    np.testing.assert_allclose(fit.params.alpha / 5, [1 - 2 * g, g, g])
    np.testing.assert_allclose(
        fit.params.alpha / 5, [0.6403882, 0.1798059, 0.1798059], atol=5e-8
    )


def test_the_e_step_by_brute_force_over_all_origins():
    """Sum over every way in which seven reads can have come about."""
    fits = [[0], [0, 1], [0, 1], [1, 2], [0, 1, 2], [0, 1, 2], [2]]
    counts = [1, 2, 1, 2, 1]
    lengths, alpha = np.array([3.0, 5, 2]), np.array([2.0, 3, 4])
    classes = Classes([[0], [0, 1], [1, 2], [0, 1, 2], [2]], counts, lengths)
    total, origins = 0.0, np.zeros(3)
    for origin in product(*fits):
        chance = (alpha[list(origin)] / 9 / lengths[list(origin)]).prod()
        total += chance
        np.add.at(origins, list(origin), chance)
    reads, log_likelihood = transcripts.e_step(classes, Abundances(alpha))
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(reads, origins / total, rtol=1e-12)
    parts = transcripts.split(classes, Abundances(alpha))
    np.testing.assert_allclose(parts.sum(axis=1), 1)
    np.testing.assert_allclose(classes.counts @ parts, reads)


def test_the_likelihood_is_that_of_drawing_classes():
    """Up to what does not depend on α: a multinomial over the classes."""
    members, places = [[0], [1], [0, 1]], np.array([4, 7, 9])
    lengths, counts = np.array([13.0, 16]), [30, 20, 50]
    classes = Classes(members, counts, lengths)

    def both(alpha):
        per_place = np.array(alpha) / sum(alpha) / lengths
        chances = places * [sum(per_place[t] for t in row) for row in members]
        ours = transcripts.e_step(classes, Abundances(alpha))[1]
        return ours, multinomial.logpmf(counts, 100, chances)

    ours, theirs = zip(both([1, 1]), both([1, 4]), strict=True)
    assert np.diff(ours) == pytest.approx(np.diff(theirs), rel=1e-10)


def test_the_order_of_classes_and_classes_without_reads_change_nothing():
    rng = np.random.default_rng(1)
    members = [[0], [1, 2], [0, 1, 2], [2], [0, 2], [1]]
    counts, lengths = np.array([3, 5, 2, 0, 8, 0]), [10, 20, 30]
    fit = em.fit(transcripts, Classes(members, counts, lengths), THIRDS)
    order = rng.permutation(4)
    seen = [row for row, count in zip(members, counts, strict=True) if count]
    again = Classes(
        [seen[one] for one in order], counts[counts > 0][order], lengths
    )
    other = em.fit(transcripts, again, THIRDS)
    np.testing.assert_allclose(other.params.alpha, fit.params.alpha)
    assert classes_cost(again) == classes_cost(
        Classes(members, counts, lengths)
    )


def classes_cost(classes):
    """What is stored is as large as the pairs, and no larger."""
    assert classes.members.data.size == classes.members.indices.size
    return classes.members.nnz


def test_tpm_is_per_place_and_sums_to_a_million():
    classes = Classes([[0], [1]], [10, 30], [100, 300])
    tpm = transcripts.tpm(classes, Abundances([10, 30]))
    np.testing.assert_allclose(tpm, [5e5, 5e5])


def test_where_a_fragment_can_start():
    """The mean of the fragments that fit, one length after another."""
    histogram = np.array([0, 0, 4, 1, 0, 5, 2.0])
    for length in range(1, 12):
        fitting = [
            n for n in range(7) for _ in range(int(histogram[n])) if n <= length
        ]
        expected = length - (np.mean(fitting) if fitting else 0) + 1
        found = kallisto.effective_lengths([length], histogram)
        assert found == pytest.approx([expected if expected >= 1 else length])


def test_kallistos_own_example_to_every_digit_it_prints():
    table = files.read_abundance(FOLDER / "abundance.tsv")
    lengths = kallisto.effective_lengths(
        table.length, files.read_fragments(FOLDER / "flens.txt")
    )
    classes = files.read_classes(
        FOLDER / "pseudoalignments.ec",
        FOLDER / "pseudoalignments.tsv",
        lengths,
    )
    assert (classes.counts.sum(), len(classes.counts)) == (9413, 20)
    start = Abundances(np.ones(14))
    fit = em.fit(
        transcripts, classes, start, until=kallisto.settled, max_iter=10_000
    )
    assert len(fit.steps) - 1 == 52
    last = kallisto.last_round(classes, fit.params)
    for ours, theirs in (
        (lengths, table.eff_length),
        (last.alpha, table.est_counts),
        (transcripts.tpm(classes, last), table.tpm),
    ):
        assert [f"{x:.6g}" for x in ours] == [f"{x:.6g}" for x in theirs]


def test_the_rule_needs_both_its_halves():
    """Calm too early is not settled; late and not calm is not settled."""

    def steps(alphas):
        return [em.Step(Abundances(alpha), None, 0.0) for alpha in alphas]

    still = [[1.0, 1.0]] * 53
    assert kallisto.settled(steps(still))
    assert not kallisto.settled(steps(still[1:]))
    moves = [[1.0, 1.0 + 0.0102 * one] for one in (0, 1)]
    assert not kallisto.settled(steps([*still[:51], *moves]))
    little = [[1.0, 0.009], [1.0, 0.0099]]
    assert kallisto.settled(steps([*still[:51], *little]))


def test_the_last_round_drops_what_is_next_to_nothing():
    classes = Classes([[0, 1], [1]], [10, 5], [1, 1])
    last = kallisto.last_round(classes, Abundances([9e-9, 15]))
    np.testing.assert_array_equal(last.alpha, [0, 15])
    assert kallisto.last_round(classes, Abundances([2e-8, 15])).alpha[0] > 0


HEAD = "target_id\tlength\teff_length\test_counts\ttpm\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("t\t10\t5\t1", r"a.tsv:2: 4 fields, expected 5"),
        ("t\tten\t5\t1\t1", r"a.tsv:2: 'ten' is not a number"),
        ("t\t0\t5\t1\t1", r"a.tsv:2: 0 is not at least 1"),
        ("t\t10\t0.5\t1\t1", r"a.tsv:2: 0.5 is not at least 1"),
        ("t\t10\t5\t-1\t1", r"a.tsv:2: -1 is not at least 0"),
        ("t\t10\t5\tnan\t1", r"a.tsv:2: nan is not at least 0"),
        ("t\t10\t5\t1\tinf", r"a.tsv:2: inf is not at least 0"),
    ],
)
def test_a_fault_in_an_abundance_file_is_named_by_line(tmp_path, line, words):
    path = tmp_path / "a.tsv"
    path.write_text(HEAD + line + "\n")
    with pytest.raises(ValueError, match=words):
        files.read_abundance(path)


def test_an_abundance_file_without_transcripts_is_refused(tmp_path):
    path = tmp_path / "a.tsv"
    for text in ("", HEAD):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"a.tsv: no transcript"):
            files.read_abundance(path)
    path.write_text("t\t10\t5\t1\t1\n")
    with pytest.raises(ValueError, match=r"a.tsv:1: expected the header"):
        files.read_abundance(path)


def test_lengths_and_fragments_that_cannot_be_are_refused():
    for lengths, histogram, words in (
        ([10, 0], [0, 1], r"lengths\[1\] is 0: expected at least one base"),
        ([np.nan], [0, 1], r"lengths\[0\] is nan"),
        ([10], [0, -1], r"histogram\[1\] is -1"),
    ):
        with pytest.raises(ValueError, match=words):
            kallisto.effective_lengths(lengths, histogram)
    for mean, sd in ((200, 0), (-1, 30), (np.nan, 30)):
        with pytest.raises(ValueError, match="expected both above 0"):
            kallisto.normal_fragments(mean, sd)


@pytest.mark.parametrize(
    ("ec", "counts", "words"),
    [
        ("0 0", "0\t1", r"a.ec:1: 1 fields, expected 2"),
        ("0\t0\n\n", "0\t1", r"a.ec:2: 1 fields, expected 2"),
        ("0\t0\n1\t0,x", "0\t1", r"a.ec:2: 'x' is not a number"),
        ("0\t0\n1\t2", "0\t1", r"a.ec:2: 2 is not at least 0, below 2"),
        ("0\t-1", "0\t1", r"a.ec:1: -1 is not at least 0, below 2"),
        ("0\t0\n1\t", "0\t1", r"a.ec:2: class 1 has no transcripts"),
        ("0\t0,0", "0\t1", r"a.ec:1: class 0 names a transcript twice"),
        ("0\t0\n0\t1", "0\t1", r"a.ec:2: class 0 comes twice"),
        ("0\t0", "0\t-1", r"a.tsv:1: -1 is not at least 0"),
        ("0\t0", "0\t1.5", r"a.tsv:1: '1.5' is not a number"),
        ("0\t0", "1\t1", r"a.tsv:1: class 1 is not in"),
        ("0\t0", "0\t1\n0\t2", r"a.tsv:2: class 0 comes twice"),
        ("0\t0", "0\t0", r"a.tsv: no class has any reads"),
        ("0\t0", "", r"a.tsv: no class has any reads"),
    ],
)
def test_a_fault_in_the_classes_is_named_by_line(tmp_path, ec, counts, words):
    (tmp_path / "a.ec").write_text(ec)
    (tmp_path / "a.tsv").write_text(counts)
    with pytest.raises(ValueError, match=words):
        files.read_classes(tmp_path / "a.ec", tmp_path / "a.tsv", [10, 10])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 1 -1", r"f.txt:1: -1 is not at least 0"),
        ("0 1\n2 x", r"f.txt:2: 'x' is not a number"),
        ("0 0", r"f.txt: no fragment has a length"),
        ("", r"f.txt: no fragment has a length"),
    ],
)
def test_a_fault_in_the_fragments_is_named_by_line(tmp_path, text, words):
    path = tmp_path / "f.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        files.read_fragments(path)
