"""Expectation Maximisation in functions short enough to read.

A model is a module with an `e_step` and an `m_step`, such as
`em.models.coins`. `run` repeats the two; `fit` repeats them until they
converge.
"""

from em.algorithm import fit, run
from em.bound import lower_bound
from em.errors import (
    CollapsedError,
    FellError,
    NotConvergedWarning,
    NotDeterminedError,
    NotFiniteError,
)
from em.examine import examine
from em.files import data
from em.fits import Fit, Step
from em.model import Model
from em.online import Seen, online
from em.profile import profile
from em.source import show
from em.standard_errors import StandardErrors, standard_errors
from em.starts import Best, best_of
from em.use import (
    aic,
    bic,
    n_parameters,
    predict,
    predict_proba,
    sample,
    score_samples,
)

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
