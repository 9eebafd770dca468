"""Exercises that mark themselves: right answers pass, each mistake is told apart."""

import numpy as np
import pytest

from em import exercises
from em.exercises.task import NOTHING, Step
from em.exercises.tasks import TASKS

NAMES = exercises.names()
FUNCTIONS = [name for name in NAMES if isinstance(TASKS[name], Step)]
MISTAKES = [
    (name, number)
    for name in NAMES
    for number in range(len(TASKS[name].wrong_answers()))
]


def test_there_are_twelve_with_four_mistakes_each():
    assert len(NAMES) == 12
    assert len(FUNCTIONS) == 5
    assert len(MISTAKES) >= 48
    for name in NAMES:
        told = [words for _, words in TASKS[name].wrong_answers()]
        assert len(told) >= 4
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_is_right(name):
    reply = exercises.check(name, exercises.solution(name))
    assert reply.right
    assert str(reply).startswith("Right. ")
    assert len(reply.words) > 20


@pytest.mark.parametrize(("name", "number"), MISTAKES)
def test_each_mistake_is_caught_with_words_of_its_own(name, number):
    wrong, words = TASKS[name].wrong_answers()[number]
    reply = exercises.check(name, wrong)
    assert not reply.right
    assert reply.words == words
    assert str(reply).startswith("Not yet. ")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", [..., None])
def test_a_blank_is_no_mistake(name, blank):
    assert exercises.check(name, blank).words == NOTHING


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_that_are_blank_or_broken_get_a_sentence(name):
    def raising(*_):
        raise KeyError("mean")

    right = exercises.solution(name)
    for function, words in {
        (lambda *_: ...): NOTHING,
        (lambda *_: None): NOTHING,
        (lambda *_: 1j): "It should return ",
        (lambda *_: "a"): "It should return ",
        (lambda: 1): "Your function raised TypeError: ",
        raising: "Your function raised KeyError: ",
    }.items():
        assert exercises.check(name, function).words.startswith(words)

    def not_a_number(*case):
        found = right(*case)
        parts = found if isinstance(found, tuple) else (found,)
        return tuple(np.full_like(part, np.nan) for part in parts)

    assert "nan" in exercises.check(name, not_a_number).words

    def a_little_off(*case):
        found = right(*case)
        parts = found if isinstance(found, tuple) else (found,)
        return tuple(np.asarray(part) + 0.001 for part in parts)

    assert "Try a hint" in exercises.check(name, a_little_off).words
    assert "Expected a function" in exercises.check(name, 3).words


def test_a_function_cannot_change_what_it_is_checked_with():
    def changes(x, r):
        mean = x @ r / r.sum(axis=0)
        x[:], r[:] = 0, 0
        return mean, mean, mean

    name = "m-step of bells"
    assert not exercises.check(name, changes).right
    assert exercises.check(name, exercises.solution(name)).right


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([0.9, 0.1], "Expected 3 numbers, got shape (2,)."),
        (["a", "b", "c"], "Expected numbers."),
        ([1, 2, np.nan], "Expected finite numbers."),
        ([0.957, ..., 0.07], NOTHING),
        ([0.957, 0.3, 0.07], "Number 2 is too large."),
        ([0.957, 0.04, -3], "Number 3 is too small."),
        ({}, "Expected numbers."),
    ],
)
def test_numbers_that_are_none_get_a_sentence(answer, words):
    assert exercises.check("share out", answer).words == words


def test_what_is_written_with_three_digits_is_right():
    assert exercises.check("share out", [0.957, 0.040, 0.070]).right
    assert exercises.check("count", np.array([0.739, 0.405])).right
    assert exercises.check("weights", (0.356, 0.644)).right
    assert exercises.check("three points", [1.492, 2.508, 0.639]).right
    assert exercises.check("two holes", [2, 2.4, 2.56, 2.667]).right


def test_letters_are_read_as_they_are_meant():
    assert exercises.check("twins", " C ").right
    assert exercises.check("twins", "").words == NOTHING
    assert "one of a, b, c, d, e" in exercises.check("twins", "x").words


def test_hints_do_not_give_the_answer_away():
    for name in NAMES:
        first, second = exercises.hint(name), exercises.hint(name, 2)
        assert first != second
    with pytest.raises(ValueError, match="number is 3: expected 1 or 2"):
        exercises.hint("twins", 3)


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no exercise 'share': expected one"):
        exercises.check("share", [1])
