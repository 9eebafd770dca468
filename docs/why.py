# ---
# title: "Why EM works: the lower bound (ELBO)"
# order: 11
# section: Understand
# question: Why does the likelihood never fall?
# description: >-
#   The evidence lower bound (ELBO) that both steps of EM climb: a picture to drag, one round of
#   flips in plain numbers, a proof in three sentences, and wrong steps to try in the program.
# numbers: own
# allow: [15, 0.5, 0.2, 0.8, 0.4, 0.6, 1998]
# ---

# %% [markdown]
# # Why EM works: the lower bound (ELBO)
#
# EM has no step size, and still its log-likelihood never falls. Why not? Here are the
# [five rounds of ten flips](coins.py) again, now with a fair coin B. Only coin A is unknown.

# %% tags=["hide"]
import numpy as np

import em
from em.figures.live import live
from em.figures.touching import touching
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])

# In a million times: how often each coin makes the first round.
from_a, from_b = 1e6 * 0.25**5 * 0.75**5, 1e6 * 0.5**10
half_a, half_b = round(from_a / 2), round(from_b / 2)
likelihood = half_a + half_b
height = np.log(likelihood)
right = half_a / likelihood


def low(r):
    return r * np.log(half_a / r) + (1 - r) * np.log(half_b / (1 - r))


credited, _ = coins.e_step(flips, Coins([0.25, 0.5]))
h, t = credited[:, 0] @ flips.heads, credited[:, 0] @ flips.tails
assert (round(h, 3), round(t, 3), round(h + t, 3)) == (2.898, 3.552, 6.450)
live(
    "bound",
    heads=[5, 9, 8, 4, 7],
    tails=[5, 1, 2, 6, 3],
    theta=[0.25, 0.5],
    shares=[0.5] * 5,
    program={"heads": "heads", "tails": "tails", "theta": "theta"},
    still=touching(
        flips, Coins([0.25, 0.5]), "The bound touches where we stand."
    ),
    told="The log-likelihood over A's probability of heads, and the bound that touches it.",
    caption="Solid: how well each θA, A's probability of heads, explains the flips. Dashed: the lower bound, for "
    "the shares below. Drag a share, and it slides. Share out makes it touch where you stand, and re-estimate "
    "goes to its top. The small picture is one round.",
)

# %% [markdown]
# **You will be able to** prove in three sentences that EM climbs, and find out which step of a program is wrong.
# **About MINUTES minutes. To know first:** [two coins](coins.py), and logarithms.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** can you choose shares for which the dashed curve rises above the solid one? *Drag
# them.*
#
# <details markdown><summary>Yes, with the right shares</summary>
#
# Then drag on, and watch the gap. It can become 0, but it never changes its sign.
#
# </details>
# <details class="right" markdown><summary>No, whatever the shares are</summary>
#
# Right. It never rises above, so it is called a **lower bound**. [Why it does](#a-chord-lies-below-the-curve)
# is shown further down.
#
# </details>
# <details markdown><summary>Yes, but only far away from where you stand</summary>
#
# Drag, and look at both ends. For any shares the dashed curve touches the solid one in at most a place or two, and is
# lower everywhere else.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** which shares lift the dashed curve until it touches the solid one where you stand? *Then
# press **Share out**.*
#
# <details markdown><summary>One half each, in every round</summary>
#
# You see these at the beginning, and where you stand the curves do not touch.
#
# </details>
# <details markdown><summary>Each round wholly to the coin that explains it better</summary>
#
# Try it with the sliders. It comes nearer than one half each, but a gap is left.
#
# </details>
# <details class="right" markdown><summary>In proportion to how well each coin explains the round</summary>
#
# Yes: these are the **responsibilities** of the E-step. With them the bound *touches* the log-likelihood at the present guess, and no other
# shares do that.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** now go to the top of the dashed curve. Can the solid one be lower there than where
# you came from? *Press **Re-estimate**.*
#
# <details class="right" markdown><summary>No</summary>
#
# Right. The top of the bound is at least as high as where it touched, and the solid curve lies
# above the bound. That is the whole proof, once we know that the bound stays below.
#
# </details>
# <details markdown><summary>Yes, if the step is too long</summary>
#
# That happens to methods that follow the slope. Here the dashed curve is a floor under the solid one, so the
# solid one is at least as high as the floor, however long the step.
#
# </details>
# </div>
#
# ## In numbers, on the coins
#
# The log-likelihood of a round is the logarithm of a *sum*, which is hard to maximise. We look for a
# simpler curve that lies below it, touches it where we stand, and has a top that we find by counting.
#
# ### One round
#
# Take the first round, 5 heads and 5 tails, at the guess $\theta_A = 0.25$. Of a million rounds, A would make exactly
# this row of flips $10^6 \cdot 0.25^5 \cdot 0.75^5$ = {{ from_a : .0f }} times, and B $10^6 \cdot 0.5^{10}$ =
# {{ from_b : .0f }} times. Each coin is taken half of the time, so the round comes from A {{ half_a : .0f }} times and from B
# {{ half_b : .0f }} times, {{ likelihood : .0f }} in all. The **log-likelihood** of the round is
# $\log$ {{ likelihood : .0f }} = {{ height : .2f }}.
#
# We would rather have an average than a sum, because we know how the logarithm of an average compares with the average of
# the logarithms. So choose any shares that add up to 1, say 0.8 for A and 0.2 for B, and divide each part by its share.
# Averaged with these shares, the results give the sum back:
# **0.8 · {{ half_a / 0.8 : .0f }} + 0.2 · {{ half_b / 0.2 : ,.0f }} = {{ likelihood : .0f }}**. Now the log-likelihood
# is the logarithm of an average. The bound is the average of the logarithms,
# **0.8 · log {{ half_a / 0.8 : .0f }} + 0.2 · log {{ half_b / 0.2 : ,.0f }} = {{ low(0.8) : .2f }}**, and that is lower.
# For three choices of shares:
#
# | A's share | {{ half_a : .0f }} / it | {{ half_b : .0f }} / B's | bound | gap |
# | ---: | ---: | ---: | ---: | ---: |
# | 0.8 | {{ half_a / 0.8 : .0f }} | {{ half_b / 0.2 : ,.0f }} | {{ low(0.8) : .2f }} | {{ height - low(0.8) : .2f }} |
# | 0.4 | {{ half_a / 0.4 : .0f }} | {{ half_b / 0.6 : .0f }} | {{ low(0.4) : .2f }} | {{ height - low(0.4) : .2f }} |
# | {{ right : .3f }} | {{ half_a / right : .0f }} | {{ half_b / (1 - right) : .0f }} | {{ low(right) : .2f }} | {{ abs(height - low(right)) : .2f }} |
#
# The last row has the responsibilities of the E-step, {{ half_a : .0f }} / {{ likelihood : .0f }} = {{ right : .3f }} for A. They
# make both numbers equal to the likelihood, and an average of equal numbers has no gap.
#
# ### A chord lies below the curve
#
# Why is the bound never above? Because the logarithm bends downwards. Join two points of its
# curve by a straight line, a **chord**, as in the small picture of the figure. On the chord lie the averages of two
# logarithms, and on the curve above it the logarithm of the average.
#
# So **the logarithm of an average is at least the average of the logarithms**, and the two are equal
# only if all the numbers are the same. This is **Jensen's inequality**, and it is all that the proof needs.
#
# ### Touch, climb, touch
#
# For all five rounds, add up the log-likelihoods, and add up the bounds. **Hold the shares and let
# $\theta_A$ vary: that is the dashed curve.** At another $\theta_A$ other numbers are averaged with the same
# shares, and the chord still lies below. So the *whole* dashed curve lies below the solid one. It is called the
# **evidence lower bound**, or ELBO, and many books write [$F$ or $\mathcal{L}$](elbo.py) for it.
#
# The first E-step's responsibilities credit A with {{ h : .3f }} heads and {{ t : .3f }} tails. With these held, the bound is
#
# $$ 2.898 \log \theta_A + 3.552 \log (1 - \theta_A) + \text{constant} , $$
#
# as if one coin had shown them, and its top is at the proportion of heads, $2.898 / 6.450$ = {{ h / (h + t) : .3f }}.
# So **the top is found by counting**, which is the M-step.
#
# ## The proof, in three sentences
#
# 1. With the responsibilities of the E-step, the bound *touches* the log-likelihood where we stand.
# 2. The M-step goes to the *top* of the bound, which is at least as high as where it touched.
# 3. The log-likelihood is *never below* the bound, so it is at least as high there, too.
#
# ## The program
#
# For each iteration it prints both coins, the bound three times, and the log-likelihood.

# %% tags=["program"]
import numpy as np

heads = np.array([5, 9, 8, 4, 7])
tails = np.array([5, 1, 2, 6, 3])
theta = np.array([0.25, 0.5])  # a guess for A; B is fair, and stays so


def joint(theta):  # a row for each round, a column for each coin
    chance = theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    return chance / len(theta)  # all equally common


def bound(share, theta):
    return (share * np.log(joint(theta) / share)).sum()


share = np.full((len(heads), len(theta)), 1 / len(theta))
print("theta; bound before E, after E, after M; log-likelihood")
for iteration in range(1, 7):
    found = [bound(share, theta)]
    # E-step: now the bound touches the log-likelihood
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    found += [bound(share, theta)]
    # M-step: to the top of the bound, by counting
    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
    found += [bound(share, theta), np.log(joint(theta).sum(axis=1)).sum()]
    print(iteration, theta.round(3), np.round(found, 3))

print("A ends at", theta[0].round(3))

# %% tags=["hide"]
assert abs(found[3] - coins.e_step(flips, Coins(theta))[1]) < 1e-9
below = em.lower_bound(coins, flips, share, Coins(theta))
assert abs(found[2] - below) < 1e-9

# %% [markdown]
# Read the three bounds from left to right, line after line: they never fall. Nor does the last column. For a third
# coin of which you know the bias, put a third number into `theta`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** estimate B as well. Do the bounds still climb?
#
# ```diff
# -    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
# +    theta = heads @ share / ((heads + tails) @ share)
# ```
#
# <details markdown><summary>See why</summary>
#
# Yes. Nothing in the proof depends on how many numbers are unknown. The log-likelihood comes to
# {{ changed.found[3] : .3f }}, higher than with a fair coin. B becomes the coin with many heads, because
# it began as the higher one.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** a wrong E-step, which forgets the tails. Which of the four numbers will betray it?
#
# ```diff
# -    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
# +    share = theta ** heads[:, None]
# +    share = share / share.sum(axis=1, keepdims=True)
# ```
#
# <details markdown><summary>See why</summary>
#
# The second. After a right E-step the bound is the log-likelihood of the line above. Here it stays
# lower, because these are not the responsibilities, and do not make it touch. So nothing is promised, and in the fourth line the
# log-likelihood falls, from {{ changed.lines[3].split()[-1].strip("]") : s }} to
# {{ changed.lines[4].split()[-1].strip("]") : s }}.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** a wrong M-step, which divides by *all* the flips and not by those credited to A. And now?
#
# ```diff
# -    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
# +    theta[0] = heads @ share[:, 0] / (heads + tails).sum()
# ```
#
# <details markdown><summary>See why</summary>
#
# The third number: in the first line the M-step lowers the bound, from
# {{ changed.lines[1].split()[5] : s }} to {{ changed.lines[1].split()[6] : s }}, so it did not go to the top.
# A sinks to 0, and in the end the computer takes the logarithm of 0.
#
# </details>
# </div>
#
# In a program of your own, keep the last log-likelihood, and after each E-step
# `assert now >= before - 1e-9 * abs(before)`. If that fails, one of the two steps is wrong, or the
# log-likelihood is. It holds for plain EM, with whole steps and no prior.
#
# ## What is promised
#
# The log-likelihood never falls, at any iteration, from any start. Where EM comes to rest it is level, under
# conditions: usually a peak, sometimes a saddle. Nothing is said about the highest peak, nor about how many iterations
# it takes.
#
# **You may stop here**, and go on to [what goes wrong](pitfalls.py). The same in algebra, with the expectation that
# gave the E-step its name, is on [the ELBO, Q and KL](elbo.py). [What exactly is promised](promises.py) has the
# conditions, the edges and the rate.
#
# ## What could go wrong
#
# - **Mixing the two numbers.** If you look for a fall, do not compare a bound with a log-likelihood.
# - **Hard labels.** Giving each round wholly to its likeliest coin climbs the bound, too, but the bound need not
#   touch. It is another algorithm, and usually ends elsewhere.
#
# ## Exercises
#
# **1.** Take the round of 5 heads and 5 tails at the guess (0.6, 0.5). *Predict* the gap, with one half each and with
# the responsibilities, to one digit. Then compute it.
#
# <details markdown><summary>Solution</summary>

# %%
parts = np.array([0.6**5 * 0.4**5, 0.5**10]) / 2
for chosen in (np.array([0.5, 0.5]), parts / parts.sum()):
    lower = (chosen * np.log(parts / chosen)).sum()
    print(
        chosen.round(3),
        f"bound {lower:.5f}, gap {np.log(parts.sum()) - lower:.5f}",
    )

# %% [markdown]
# The coins are nearly alike, so one half each is nearly right, and the gap is small already.
#
# </details>
#
# **2.** Both coins unknown. Take E-steps for one round at a time: recompute the responsibilities for the first
# round only, then do an M-step; then of the second; and so on. *Predict*: does the bound still climb?
# Does the log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
theta = np.array([0.25, 0.5])
share = np.full((5, 2), 1 / 2)
bounds, log_likelihoods = [], []
for turn in range(100):
    i = turn % 5
    share[i] = joint(theta)[i] / joint(theta)[i].sum()
    theta = heads @ share / ((heads + tails) @ share)
    bounds.append(bound(share, theta))
    log_likelihoods.append(np.log(joint(theta).sum(axis=1)).sum())

print("the bound falls:         ", (np.diff(bounds) < -1e-9).sum(), "times")
print("the log-likelihood falls:", (np.diff(log_likelihoods) < -1e-9).sum())
print(theta.round(5), log_likelihoods[-1].round(5))

# %% [markdown]
# The bound climbs at every turn, as it must. The log-likelihood may fall, because the bound need not
# touch. This is the *incremental* EM of Neal and Hinton (1998).
#
# </details>
#
# ## Where to read on
#
# Next: [what goes wrong](pitfalls.py). Neal and Hinton, *A View of the EM Algorithm that Justifies
# Incremental, Sparse, and Other Variants* (1998),
# [doi 10.1007/978-94-011-5014-9_12](https://doi.org/10.1007/978-94-011-5014-9_12), see both steps as climbing one
# function. More on the [resources page](resources.md).
