# ---
# title: The ELBO, Q and the KL divergence
# order: 11.1
# section: Understand
# question: Expectation of what, and what is the lower bound in algebra?
# description: >-
#   The expected complete-data log-likelihood Q, the evidence lower bound (ELBO) in four lines of
#   algebra, and the gap between them and the log-likelihood, a Kullback–Leibler divergence.
# numbers: own
# allow: [1998, 1977, 10]
# ---

# %% [markdown]
# # The ELBO, Q and the KL divergence
#
# The E of E-step stands for *expectation*: an average over what is hidden. Of what? Here are the five rounds of
# flips of [Why EM works](why.py) once more, as somebody might complete them, again and again.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import why as draw
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
guess = Coins([0.25, 0.5])
r, _ = coins.e_step(flips, guess)
log_joint = coins.log_joint(flips, Coins([0.75, 0.5]))
labels = (np.random.default_rng(6).random((100_000, 5)) > r[:, 0]).astype(int)
drawn = log_joint[np.arange(5), labels].sum(axis=1)
q = (r * log_joint).sum()
draw.averages(
    drawn,
    q,
    "The average of the log-likelihood over more and more completions, with twice its standard error in grey. "
    "The dashed line is the number that the responsibilities give at once.",
)

# %% [markdown]
# **You will be able to** derive the bound for a model of your own, and to read the notation of other books. **About
# MINUTES minutes. To know first:** [Why EM works](why.py), and sums with an index.
#
# ## The expectation of what?
#
# It is the expectation of **the log-likelihood that you would write down if you knew the labels**, the
# **complete-data log-likelihood**. At the present guess you know how probable each label is. So you could draw labels
# again and again, write the log-likelihood down each time, and take the average:

# %%
import numpy as np

from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
guess = Coins([0.25, 0.5])
shares, height = coins.e_step(flips, guess)

# %%
tried = Coins([0.75, 0.5])
log_joint = coins.log_joint(flips, tried)
expected = (shares * log_joint).sum()

rng = np.random.default_rng(6)
labels = (rng.random((100_000, 5)) > shares[:, 0]).astype(int)
complete = log_joint[np.arange(5), labels].sum(axis=1)

print("three completions:")
for some, value in zip(labels[:3], complete, strict=False):
    print("   ", "".join("AB"[k] for k in some), f"{value:.3f}")

print("average over")
for n in (10, 1_000, 100_000):
    error = complete.std() / np.sqrt(n)
    print(f"{n:7,}  {complete[:n].mean():.3f} ± {error:.3f}")
print(f"the sum  {expected:.3f}")

# %% [markdown]
# There is no need to draw. This **expected complete-data log-likelihood**, often written $Q$, is the same sum with
# every label replaced by its responsibility. So EM does **not** fill in the likeliest label, and then count. It
# averages over all ways to fill them in, and for labels that means counting by responsibilities. Where a missing
# number is *squared*, its average is [not enough](missing.py).
#
# ## Four lines of algebra
#
# Call the data $x$ and what is hidden $z$, the **latent variable**. Share $z$ out
# by any $r(z)$ that adds up to 1. Then
#
# $$ \begin{aligned}
# \log p(x \mid \theta)
#   &= \log \sum_z p(x, z \mid \theta) \\
#   &= \log \sum_z r(z) \, \frac{p(x, z \mid \theta)}{r(z)} \\
#   &\ge \sum_z r(z) \, \log \frac{p(x, z \mid \theta)}{r(z)} \\
#   &= F(r, \theta) .
# \end{aligned} $$
#
# The first line adds up over all that was not seen. The second divides by $r(z)$ and takes the average, as [Why EM
# works](why.py#one-round) does with two numbers. The third is Jensen's inequality:

# %% tags=["hide"]
from em.figures.chord import chord

chord(
    (1e6 * 0.25**5 * 0.75**5, 1e6 * 0.5**10),
    0.5,
    "Jensen's inequality: every chord lies below the curve. Between two equal numbers it has no length, and there "
    "is no gap.",
)

# %% [markdown]
# The fourth line gives the bound a name. $F$ is the
# **evidence lower bound** (ELBO), because $\log p(x \mid \theta)$ is also called the evidence. With the
# responsibilities at $\theta_{\text{old}}$ as $r$,
#
# $$ \begin{aligned}
# F(r, \theta) &= \sum_z r(z) \log p(x, z \mid \theta) - \sum_z r(z) \log r(z) \\
#   &= Q(\theta \mid \theta_{\text{old}}) + \text{entropy of } r .
# \end{aligned} $$
#
# The entropy does not depend on $\theta$, so $Q$ and the bound have their top at the same $\theta$.
#
# **EM climbs one function, $F$, in turns:** the E-step over $r$, the M-step over $\theta$ (Neal
# and Hinton 1998). Optimisers call this block coordinate ascent. So you need not go to the top. An M-step that goes
# only **part of the way up** is enough, because after a full E-step the log-likelihood still does not fall. That is
# *generalised* EM. An E-step for **one round only** also raises $F$, but then the bound need not touch, and the
# log-likelihood may fall meanwhile ([an exercise](why.py#exercises)).
#
# ## The gap
#
# How far below the log-likelihood is the bound? Write $p(x, z \mid \theta)$ as
# $p(z \mid x, \theta) \, p(x \mid \theta)$, and what is left over is
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &- F(r, \theta) \\
#   &= \sum_z r(z) \log \frac{r(z)}{p(z \mid x, \theta)} \\
#   &= \mathrm{KL}\bigl(r \,\|\, p(z \mid x, \theta)\bigr) .
# \end{aligned} $$
#
# This is the **Kullback–Leibler divergence**, which says how much two distributions
# differ. It is never negative, and zero only if both are the same. So the best $r$ are the
# probabilities of $z$ given the data, which are the responsibilities. For a step from $\theta$ to $\theta'$:
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &\overset{\text{E}}{=} F(r, \theta) \\
#   &\overset{\text{M}}{\le} F(r, \theta')
#    \le \log p(x \mid \theta') .
# \end{aligned} $$
#
# ## The same in the package
#
# `em.lower_bound` takes any responsibilities that you like, for any mixture.

# %% tags=["hide"]
em.show(coins.log_joint)

# %% tags=["hide"]
em.show(em.lower_bound)

# %%
import em

touch = em.lower_bound(coins, flips, shares, guess)
print("After E the bound is the log-likelihood,")
print("to 12 digits:", abs(touch / height - 1) < 1e-12)

# %%
from scipy.special import rel_entr

after = Coins([coins.m_step(flips, shares).theta[0], 0.5])
best, height = coins.e_step(flips, after)
gap = height - em.lower_bound(coins, flips, shares, after)
print(f"The gap after M, {gap:.4f}, is the KL divergence,")
print("to 10 digits:", abs(gap - rel_entr(shares, best).sum()) < 1e-10)

# %% [markdown]
# ## What could go wrong
#
# - **A $Q$ that falls.** From one iteration to the next $Q$ may fall, because its responsibilities change. Only the
#   log-likelihood, and $F$ from step to step, must not.
# - **The wrong direction.** $\mathrm{KL}(r \,\|\, p)$ is not $\mathrm{KL}(p \,\|\, r)$. The bound has the first.
#
# ## Exercises
#
# **1.** *Predict*: $Q$ at the guess itself, plus the entropy of the responsibilities. Which number is that?
#
# <details markdown><summary>Solution</summary>

# %%
at_guess = (shares * coins.log_joint(flips, guess)).sum()
entropy = -(shares * np.log(shares)).sum()
print(f"{at_guess:.5f} + {entropy:.5f} = {at_guess + entropy:.5f}")
print(f"log-likelihood: {height:.5f}")

# %% [markdown]
# The log-likelihood at the guess, because after the E-step the bound touches.
#
# </details>
#
# **2.** Put hard labels in place of the responsibilities, each round wholly to its likelier coin. *Predict*: what is
# the entropy then, and what has become of the bound?
#
# <details markdown><summary>Solution</summary>

# %%
wholly = np.eye(2)[shares.argmax(axis=1)]
print(f"bound {em.lower_bound(coins, flips, wholly, guess):.5f}")
print(f"complete-data {coins.log_joint(flips, guess).max(axis=1).sum():.5f}")

# %% [markdown]
# The entropy is 0, so the bound is the complete-data log-likelihood of these labels. It is lower than the
# log-likelihood, since other labels were possible, too.
#
# </details>
#
# ## Where to read on
#
# [What exactly is promised](promises.py) takes the bound to its limit. Dempster, Laird and Rubin, *Maximum Likelihood
# from Incomplete Data via the EM Algorithm* (1977), introduced $Q$. Neal and Hinton, *A View of the EM Algorithm that
# Justifies Incremental, Sparse, and Other Variants* (1998),
# [doi 10.1007/978-94-011-5014-9_12](https://doi.org/10.1007/978-94-011-5014-9_12), introduced $F$ for EM. The names in
# other books are in [the glossary](glossary.md#symbols-here-and-in-other-books).
