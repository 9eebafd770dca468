"""Reads and transcripts: what only they have to keep to; kallisto's files."""

import gzip
import warnings
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import multinomial

import em
from em.kallisto import files, stopping
from em.kallisto.lengths import effective_lengths, normal_fragments
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

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


@pytest.mark.parametrize(
    ("members", "counts", "lengths", "alpha"),
    [
        ([[0, 1, 2]], [1e8], [1, 1, 1], [0.8, 0.8, 0.5]),
        ([[0, 1], [1]], [1e8, 1], [1, 1e8], [1, 1]),
        ([[0, 1], [0, 2]], [9e45, 9e45], [1, 1, 1e8], [1, 1e-9, 1e-17]),
        ([[0, 1, 2], [1, 2]], [1e14, 1e-60], [1, 1, 1], [0.1, 0.7, 0.2]),
    ],
)
def test_rounding_is_no_fall(members, counts, lengths, alpha):
    """Many reads whose log-likelihood is next to 0 lose some in rounding."""
    for first in np.linspace(0.5, 2, 50):
        start = Abundances([first * alpha[0], *alpha[1:]])
        classes = Classes(members, counts, lengths)
        fit = em.fit(transcripts, classes, start, tol=1e-14, max_iter=5000)
        assert fit.params.alpha.sum() == pytest.approx(sum(counts))
        assert np.diff(fit.log_likelihoods).min() > -1e-14 * sum(counts)


def test_a_fall_is_told_however_many_reads_there_are():
    backwards = SimpleNamespace(
        **{
            **vars(transcripts),
            "m_step": lambda _, reads: Abundances(1 + reads[::-1]),
        }
    )
    for reads in (1, 1e8, 1e40):
        classes = Classes([[0], [0, 1]], [reads, reads], [1, 1])
        with pytest.raises(em.FellError):
            em.fit(backwards, classes, Abundances([9, 1]))


def test_a_small_fall_is_told_next_to_0():
    """A billionth of a nat a read is more than what rounding makes."""
    down = SimpleNamespace(
        **{**vars(transcripts), "m_step": lambda *_: Abundances([1, 1e-9])}
    )
    classes = Classes([[0, 1]], [1e8], [1, 2])
    with pytest.raises(em.FellError, match=r"fell by 0.05 at step 1"):
        em.fit(down, classes, Abundances([1, 0]))


def random_column(rng, n):
    """Give numbers of one of the kinds that break programs."""
    return rng.permutation(
        [
            rng.choice([0.0, 1, 2, 7], n),
            np.full(n, rng.uniform(0.1, 9)),
            rng.choice([1, 1e8], n),
            10.0 ** rng.uniform(-12, 12, n),
            10.0 ** rng.uniform(0, 14) + rng.random(n),
            np.abs(rng.standard_cauchy(n)),
            np.eye(n)[rng.integers(n)],
            rng.dirichlet(np.full(n, rng.choice([0.01, 1]))),
            np.where(np.arange(n) == 0, 10.0 ** -rng.uniform(1, 320), 1),
        ]
    )[0]


def random_scale(rng):
    return 10.0 ** (rng.choice([0, 1, 12]) * rng.uniform(-8, 8))


def test_whatever_the_data_a_fit_is_finite_or_refused_by_name():
    """400 fits, half of them at scales that nobody has; no warning of NumPy."""
    fitted, refused = 0, []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        c, n = rng.choice([1, 2, 3, rng.integers(1, 100)], 2)
        n = min(n, 25)
        fits = rng.random((c, n)) < rng.choice([0.05, 0.5, 1])
        fits[np.arange(c), rng.integers(n, size=c)] = True
        members = [np.flatnonzero(row) for row in fits]
        counts = random_column(rng, c) * random_scale(rng)
        lengths = np.maximum(random_column(rng, n) * random_scale(rng), 1)
        alpha = random_column(rng, n) * random_scale(rng)
        given = [values.copy() for values in (counts, lengths, alpha)]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", em.NotConvergedWarning)
                classes, start = (
                    Classes(members, counts, lengths),
                    Abundances(alpha),
                )
                fit = em.fit(transcripts, classes, start, max_iter=200)
        except ValueError as error:
            refused.append(str(error).split()[0].split("[")[0])
        else:
            fitted += 1
            assert np.isfinite(fit.log_likelihoods).all(), seed
            for step in fit.steps[1:]:
                reads = step.params.alpha.sum()
                assert reads == pytest.approx(classes.counts.sum()), seed
            split = transcripts.split(classes, fit.params)
            np.testing.assert_allclose(split.sum(axis=1), 1, err_msg=str(seed))
            bound = em.lower_bound(
                transcripts, classes, fit.steps[0], fit.params
            )
            size = abs(fit.log_likelihood) + classes.counts.sum()
            assert bound <= fit.log_likelihood + 1e-9 * size, seed
        for before, after in zip(given, (counts, lengths, alpha), strict=True):
            np.testing.assert_array_equal(before, after)
    assert fitted > 200
    kinds = {"counts", "alpha", "reads"}
    assert kinds <= set(refused) <= {"lengths", *kinds}


def test_classes_are_a_copy_of_their_own():
    rows = csr_array(np.array([[1.0, 0], [1, 1]]))
    counts, lengths = np.array([3.0, 4]), np.array([10.0, 20])
    classes = Classes(rows, counts, lengths)
    before = transcripts.e_step(classes, Abundances([1, 1]))
    rows.data[:], rows.indices[:], counts[:], lengths[:] = 7, 0, 7, 7
    after = transcripts.e_step(classes, Abundances([1, 1]))
    np.testing.assert_array_equal(before[0], after[0])
    assert before[1] == after[1]


def test_classes_come_by_size_and_else_in_the_order_given():
    members = [[0, 1, 2], *([[0, 1], [2]] * 50)]
    classes = Classes(members, 1 + np.arange(101), [9, 9, 9])
    order = [*range(2, 101, 2), *range(1, 101, 2), 0]
    np.testing.assert_array_equal(classes.counts - 1, order)


def test_sampled_classes_have_the_lengths_that_their_places_add_up_to():
    rng = np.random.default_rng(1)
    members, places = [[0], [0, 1], [1]], [5, 7, 90]
    classes, made = transcripts.sample(
        Abundances([1, 0]), members, places, 1200, rng
    )
    assert classes.lengths.tolist() == [12, 97]
    assert classes.counts.sum() == made.sum() == 1200
    assert classes.counts[0] == pytest.approx(500, abs=60)
    assert made.toarray()[:, 1].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match=r"places\[1\] is -1: expected a num"):
        transcripts.sample(Abundances([1, 1]), members, [5, -1, 9], 9, rng)


def test_compressed_rows_in_any_order_are_taken_and_left_alone():
    rows = csr_array(([1, 1, 1], [1, 0, 1], [0, 2, 3]), shape=(2, 2))
    classes = Classes(rows, [5, 3], [9, 9])
    assert rows.indices.tolist() == [1, 0, 1]
    assert classes.members.toarray().tolist() == [[0, 1], [1, 1]]
    assert classes.counts.tolist() == [3, 5]


def test_where_a_fragment_can_start():
    """The mean of the fragments that fit, one length after another."""
    histogram = np.array([0, 0, 4, 1, 0, 5, 2.0])
    for length in range(1, 12):
        fitting = [
            n for n in range(7) for _ in range(int(histogram[n])) if n <= length
        ]
        expected = length - (np.mean(fitting) if fitting else 0) + 1
        found = effective_lengths([length], histogram)
        assert found == pytest.approx([expected if expected >= 1 else length])


def test_kallistos_own_example_to_every_digit_it_prints():
    table = files.read_abundance(FOLDER / "abundance.tsv")
    lengths = effective_lengths(
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
        transcripts, classes, start, until=stopping.converged, max_iter=10_000
    )
    assert len(fit.steps) - 1 == 52
    last = stopping.last_round(classes, fit.params)
    for ours, theirs in (
        (lengths, table.eff_length),
        (last.alpha, table.est_counts),
        (transcripts.tpm(classes, last), table.tpm),
    ):
        assert [f"{x:.6g}" for x in ours] == [f"{x:.6g}" for x in theirs]


def test_the_rule_needs_both_its_halves():
    """Calm too early is not enough; late and not calm is not enough."""

    def steps(alphas):
        return [em.Step(Abundances(alpha), None, 0.0) for alpha in alphas]

    still = [[1.0, 1.0]] * 53
    assert stopping.converged(steps(still))
    assert not stopping.converged(steps(still[1:]))
    moves = [[1.0, 1.0 + 0.0102 * one] for one in (0, 1)]
    assert not stopping.converged(steps([*still[:51], *moves]))
    little = [[1.0, 0.009], [1.0, 0.0099]]
    assert stopping.converged(steps([*still[:51], *little]))


@pytest.mark.parametrize(
    ("before", "after", "calm"),
    [
        (99, 100, True),  # exactly 1 % of what it is now
        (98.9, 100, False),
        (101.1, 100, False),
        (0.009, 0.02, False),  # what counts is what it is now
        (0.02, 0.009, True),
        (5, 0.01, True),
    ],
)
def test_calm_is_a_change_of_at_most_a_hundredth(before, after, calm):
    one, two = Abundances([7, before]), Abundances([7, after])
    assert stopping.calm(one, two) is calm


def test_the_last_round_drops_what_is_next_to_nothing():
    classes = Classes([[0, 1], [1]], [10, 5], [1, 1])
    last = stopping.last_round(classes, Abundances([9e-9, 15]))
    np.testing.assert_array_equal(last.alpha, [0, 15])
    assert stopping.last_round(classes, Abundances([2e-8, 15])).alpha[0] > 0
    kept = stopping.last_round(classes, Abundances([1e-8, 15])).alpha[0]
    assert kept > 0
    with pytest.raises(ValueError, match=r"reads that fit \[1\] are imposs"):
        stopping.last_round(classes, Abundances([15, 9e-9]))
    with pytest.raises(ValueError, match=r"alpha is 0 throughout"):
        stopping.last_round(classes, Abundances([9e-9, 9e-9]))


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
        ("t\t10\t5\t1\t1e400", r"a.tsv:2: 1e400 is not at least 0, below"),
        ("t\t10\t5\t1\t1\nt\t9\t5\t1\t1", r"a.tsv:3: transcript 't' comes"),
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
        ([1e200], [0, 1], r"lengths\[0\] is 1e\+200: expected at least one"),
        ([10], [0, -1], r"histogram\[1\] is -1"),
        ([10], [1e200, 1], r"histogram\[0\] is 1e\+200: expected a count"),
        ([10], [0, np.inf], r"histogram\[1\] is inf"),
        ([10], [0, 0], r"histogram is 0 throughout: expected some fragments"),
        ([10], [], r"histogram is empty"),
    ):
        with pytest.raises(ValueError, match=words):
            effective_lengths(lengths, histogram)
    for mean, sd in (
        *((200, 0), (-1, 30), (np.nan, 30), (200, np.nan)),
        *((np.inf, 30), (1e200, 1), (1, 1e-200), (1, 1e200)),
    ):
        with pytest.raises(ValueError, match="expected both above 0"):
            normal_fragments(mean, sd)
    with pytest.raises(TypeError, match=r"mean: expected numbers, got str"):
        normal_fragments("200", 30)
    assert len(normal_fragments(200, 30)) == 1000
    with pytest.raises(ValueError, match=r"some fragments of 0 to 999 bases"):
        normal_fragments(5000, 10)


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
        ("0\t0\n1\t1\n", "0\t3\n", r"a.tsv: class 1 is missing, .*cut off\?"),
        ("0\t0", f"0\t{10**400}", r"a.tsv:1: 10{39} is not at least 0, below"),
        ("0\t0", f"0\t{'1' * 5000}", r"a.tsv:1: '1{40}' is not a number"),
        (f"0\t{10**400}", "0\t1", r"a.ec:1: 10{39} is not at least 0, below"),
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


@pytest.mark.parametrize(
    "read",
    [
        files.read_abundance,
        files.read_fragments,
        lambda path: files.read_classes(path, path, [10]),
    ],
    ids=["abundance", "fragments", "classes"],
)
def test_a_file_that_is_no_text_is_named_with_the_line(tmp_path, read):
    path = tmp_path / "a.txt"
    for content in (
        gzip.compress(b"0\t0\n"),
        "0\t0\n".encode("utf-16"),
    ):
        path.write_bytes(content)
        with pytest.raises(
            ValueError, match=r"a.txt:1: no plain text.*compressed"
        ):
            read(path)


def test_the_line_that_is_no_text_is_the_one_that_is_named(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_bytes((HEAD + "t\t10\t5\t1\t1\n").encode() + b"\xe9\t1\n")
    with pytest.raises(ValueError, match=r"a.tsv:3: no plain text"):
        files.read_abundance(path)


def test_utf_16_without_a_mark_is_refused_by_line(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_bytes((HEAD + "t\t10\t5\t1\t1\n").encode("utf-16-le"))
    with pytest.raises(ValueError, match=r"a.tsv:1: expected the header"):
        files.read_abundance(path)


def test_lines_may_end_as_on_windows(tmp_path):
    ec, counts = tmp_path / "a.ec", tmp_path / "a.tsv"
    ec.write_bytes(b"0\t0\r\n")
    counts.write_bytes(b"0\t3\r\n")
    assert files.read_classes(ec, counts, [9]).counts.tolist() == [3]
    table = (HEAD + "t\t10\t5\t1\t1\n").replace("\n", "\r\n")
    counts.write_bytes(table.encode())
    assert files.read_abundance(counts).names == ["t"]
