"""Priors as imaginary data: what an M-step counts beside what was seen.

With `em.fit(…, prior=…)`, EM climbs to the maximum of the posterior density of
the parameters (MAP). The density of each prior is the likelihood of its
imaginary data, times a constant. Nothing imagined is a flat prior.

Each field is one number for all components, or an array with one for each.
"""

from em.priors.coins import CoinsPrior
from em.priors.normals import NormalsPrior
from em.priors.poisson_hmm import PoissonHMMPrior

__all__ = ["CoinsPrior", "NormalsPrior", "PoissonHMMPrior"]
