"""Exercises whose answer is a letter."""

from em.exercises.task import Choice

which_log = Choice(
    "d",
    "EM never goes down. A fall by 0.004 is far more than rounding.",
    {
        "a": "It rises at every step, as EM does.",
        "b": "A plateau is no end, and no mistake: small steps can come before "
        "large ones.",
        "c": "The logarithm of a density may be above 0.",
        "e": "One of them falls, by far more than rounding can do.",
    },
    (
        "What does EM promise of the log-likelihood?",
        "Rounding is some 1e-12 of it. Which change is larger, and down?",
    ),
)

twins = Choice(
    "c",
    "Both take half of every point at every step: a saddle, not a peak.",
    {
        "a": "Nothing tells them apart, so they cannot part to get there.",
        "b": "There is no chance in EM.",
        "d": "A bell collapses onto few points. These two hold all of them.",
        "e": "The M-step moves them at once, to the mean of all points.",
    },
    (
        "What is each bell's share of a point if both are alike?",
        "With half of every point, where does each bell go?",
    ),
)
