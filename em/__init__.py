"""Expectation Maximisation in functions short enough to read.

A model is a module with an `e_step` and an `m_step`, such as
`em.models.coins`. `run` repeats the two; `fit` repeats them until they
converge.
"""

from em.algorithm import fit, run
from em.ask.bound import lower_bound
from em.ask.examine import examine
from em.ask.profile import profile
from em.ask.standard_errors import StandardErrors, standard_errors
from em.ask.use import (
    aic,
    bic,
    n_parameters,
    predict,
    predict_proba,
    sample,
    score_samples,
)
from em.errors import (
    CollapsedError,
    FellError,
    NotConvergedWarning,
    NotDeterminedError,
    NotFiniteError,
)
from em.files import data
from em.fits import Fit, Step
from em.further.online import Seen, online
from em.further.starts import Best, best_of
from em.model import Model
from em.source import show

__all__ = [
    "Best",
    "CollapsedError",
    "FellError",
    "Fit",
    "Model",
    "NotConvergedWarning",
    "NotDeterminedError",
    "NotFiniteError",
    "Seen",
    "StandardErrors",
    "Step",
    "aic",
    "best_of",
    "bic",
    "data",
    "examine",
    "fit",
    "lower_bound",
    "n_parameters",
    "online",
    "predict",
    "predict_proba",
    "profile",
    "run",
    "sample",
    "score_samples",
    "show",
    "standard_errors",
]
