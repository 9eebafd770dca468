# ---
# title: The likelihood surface
# order: 10
# section: Understand
# question: What does the likelihood look like, and where does EM go on it?
# description: >-
#   The log-likelihood of two coins as a map with two mirror peaks and a saddle between them, and
#   EM's path on it, from wherever you put the start.
# numbers: own
# allow: [15, 0.35, 0.25, 0.3, 0.301, 30, 0.1, 0.2, 0.9, 81]
# ---

# %% [markdown]
# # The likelihood surface
#
# What is being climbed? Every guess at two coins is a point in a square, and over every point stands a height:
# the **log-likelihood** of five sequences of flips. Where does EM get to on this surface, and where does it get
# stuck?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import surface as draw
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
walk = em.fit(coins, flips, Coins([0.35, 0.25]), fixed="weights")
walked = np.array([step.params.theta for step in walk.steps[:11]])

live(
    "map",
    theta=[0.35, 0.25],
    program={"heads": "heads", "tails": "tails", "theta": "theta"},
    still=draw.landscape(flips, walked, 79 / 136, "The map of the two coins."),
    told="The log-likelihood of two coins as a map, with EM's path from (0.35, 0.25).",
    caption="△ is a peak, and ✚ a saddle. The stronger the shade, the higher. Thin lines join "
    "guesses of the same height. The solid path is EM's. On the dotted straight line both coins are equal. "
    "Share out draws a dotted loop, and with these responsibilities held, every guess inside it is better than yours. "
    "Re-estimate goes to the best of them.",
)

# %% [markdown]
# **You will be able to** read a map of a likelihood, and say where EM stops. **About MINUTES minutes. To know
# first:** [two coins](coins.py).
#
# <span id="pick-a-start"></span>
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** on the *diagonal*, the dotted line, both coins are equal. From a start below it,
# on which side will EM end? *Put the start there, and press **Play**.*
#
# <details class="right" markdown><summary>On the same side</summary>
#
# Yes, on this map. The coin with the higher guess is credited with more of the sequences
# that are rich in heads, so it comes out higher again.
#
# </details>
# <details markdown><summary>On the other side</summary>
#
# The path would have to cross the diagonal. But the coin with the higher guess is credited with more
# of the sequences that are rich in heads, so it stays the higher one.
#
# </details>
# <details markdown><summary>On the side of the higher peak</summary>
#
# Neither peak is higher. They are one answer, with the [names changed](pitfalls.py#the-labels-swap).
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** *press **Start again**.* The start lies {{ walk.log_likelihood - walk.log_likelihoods[0] : .1f }} below
# the peaks. How much of that will EM climb in its first iteration? *Press **Share out** and **Re-estimate**.*
#
# <details markdown><summary>A little: the steps are small at first</summary>
#
# Methods that walk along the slope have to be careful, because they do not know how far to go. EM goes
# straight to the top of a simpler score.
#
# </details>
# <details markdown><summary>About half</summary>
#
# More. EM goes straight to the top of a simpler score, and far from a peak this is nearly the whole way.
#
# </details>
# <details class="right" markdown><summary>Nearly all of it</summary>
#
# Yes: {{ walk.log_likelihoods[1] - walk.log_likelihoods[0] : .1f }}. The dotted loop that *Share out* drew shows
# why it can go so far. Wherever you go inside the loop, the log-likelihood is higher than at the start, and
# EM takes the best place in it, [by these responsibilities](why.py).
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** on the diagonal itself EM stays on the diagonal, and stops at the ✚. Now start
# a hair's breadth beside it: type 0.3 and 0.301 under **Options**. Where will it end?
#
# <details markdown><summary>Near the ✚: the start is nearly on the diagonal</summary>
#
# It goes there first. But the ✚ is a **saddle**, uphill to both sides, and the small
# difference between the coins grows with every iteration.
#
# </details>
# <details class="right" markdown><summary>At a peak</summary>
#
# Yes, at the upper one, because B began higher. First EM goes close to the ✚, a **saddle**. There the ground is
# nearly level, so it leaves slowly; but it leaves.
#
# </details>
# <details markdown><summary>At one of the peaks, by chance</summary>
#
# There is no chance in EM. The same guess always leads to the same end.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **4. Predict:** must there be two peaks? *Under **Options**, choose the flips "five rows
# alike", and press **Play**.*
#
# <details markdown><summary>Yes: two coins, two names</summary>
#
# Every guess off the diagonal has a twin across it. But a peak can lie *on* the diagonal, and then it is its own
# twin.
#
# </details>
# <details class="right" markdown><summary>No</summary>
#
# Right. These rows differ so little that two coins explain them no better than one, and the only peak is on the
# diagonal.
#
# </details>
# </div>
#
# ## By hand: one height
#
# The height says how probable a guess makes the flips. Take one sequence, heads, heads, tails, and the guess
# $\theta_A = 0.5$, $\theta_B = 0.9$.
#
# - Coin A makes it with probability $0.5 \cdot 0.5 \cdot 0.5 = 0.125$,
# - and coin B with $0.9 \cdot 0.9 \cdot 0.1 = 0.081$.
# - Either coin is taken half of the time: $(0.125 + 0.081) / 2 = 0.103$. This is the
#   **likelihood** of the guess.
#
# The height is its logarithm, $\log 0.103 = -2.27$. For several sequences the heights are added up. Now swap the
# names, $\theta_A = 0.9$ and $\theta_B = 0.5$. The same two numbers are added in the other order, so every guess
# off the diagonal has a **twin** across it, as high as itself.
#
# ## The program
#
# The log-likelihood, and EM climbing it:

# %% tags=["program"]
import numpy as np

heads = np.array([21, 9, 10, 32, 7])
tails = np.array([7, 10, 17, 10, 13])
theta = np.array([0.35, 0.25])  # a guess: coin A, coin B


def joint(theta):  # a row for each sequence, a column for each coin
    chance = theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    return chance / len(theta)  # all equally common


def log_likelihood(theta):
    return np.log(joint(theta).sum(axis=1)).sum()


for iteration in range(31):
    if iteration in (0, 1, 2, 3, 4, 30):
        print(iteration, theta.round(4), log_likelihood(theta).round(5))
    # E-step: each coin's responsibility for each sequence
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    # M-step: heads credited to a coin, divided by flips credited to it
    h, t = heads @ share, tails @ share
    theta = h / (h + t)

print("twin", theta[::-1].round(4), log_likelihood(theta[::-1]).round(5))

# %% tags=["hide"]
there = em.fit(
    coins,
    flips,
    Coins([0.35, 0.25]),
    fixed="weights",
    until=lambda steps: len(steps) > 31,
)
np.testing.assert_allclose(theta, there.params.theta, rtol=1e-9)
np.testing.assert_allclose(
    log_likelihood(theta), there.log_likelihood, rtol=1e-9
)

# %% [markdown]
# For a third coin, put a third number into `theta`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** go only half of the way in each M-step. Does the log-likelihood still rise every time?
#
# ```diff
# -    theta = h / (h + t)
# +    theta = theta + 0.5 * (h / (h + t) - theta)
# ```
#
# <details markdown><summary>See why</summary>
#
# Yes, only more slowly: after four iterations it is at {{ changed.lines[4].split()[-1] : s }}. A step in the
# right direction is enough, as long as it does not leave the [dotted loop](why.py).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** then go twice as far in each M-step. Is EM faster?
#
# ```diff
# -    theta = h / (h + t)
# +    theta = theta + 2 * (h / (h + t) - theta)
# ```
#
# <details markdown><summary>See why</summary>
#
# No. It jumps to and fro over the peak, and after 30 iterations it is still at
# {{ changed.lines[5].split()[-1] : s }}. Where EM is slow a longer step does help, but the length has to be
# [chosen with care](faster.py#can-it-be-made-faster).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** give it three coins. Will it find three different ones?
#
# ```diff
# -theta = np.array([0.35, 0.25])  # a guess: coin A, coin B
# +theta = np.array([0.2, 0.5, 0.8])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# No: it ends at {{ changed.theta[0] : .4f }}, {{ changed.theta[1] : .4f }} and {{ changed.theta[2] : .4f }}. There
# is no work for a coin of a third kind, so one becomes a copy of another. As a pair they count as one coin that is
# twice as common.
#
# </details>
# </div>
#
# ## The diagonal and the saddle
#
# On the diagonal both coins are the same, so there is one coin, and its best guess is the proportion of heads among
# all flips. Compare it with the two peaks, and with the coins counted [by their
# labels](labels.py#is-that-the-truth):

# %%
a, b = theta
middle = heads.sum() / (heads + tails).sum()
for name, at in {
    "peak": (a, b),
    "twin": (b, a),
    "labelled": (53 / 70, 26 / 66),
    "diagonal": (middle, middle),
}.items():
    found = log_likelihood(np.array(at))
    print(f"{name:8} ({at[0]:.5f}, {at[1]:.5f})  {found:.5f}")

# %% [markdown]
# Now a little away from that point of the diagonal: along it, with both coins up or down, and across it, with one
# up and one down.

# %%
for away in (-0.02, 0, 0.02):
    along = log_likelihood(np.array([middle + away, middle + away]))
    across = log_likelihood(np.array([middle + away, middle - away]))
    print(f"{away:5.2f}  along {along:.5f}  across {across:.5f}")

# %% [markdown]
# Along the diagonal, {{ middle : .5f }} is a top, and across it a bottom. This is a **saddle**, like a pass
# between two mountains. From the diagonal EM goes to the saddle in one step and stops, because both coins are moved alike. From
# a hair's breadth beside it, EM escapes.
#
# ## What could go wrong
#
# - **A map is a luxury.** With five parameters nobody sees the surface. There may be lower peaks,
#   too, and then [the start decides which peak](starts.py#where-you-start-is-where-you-end) you reach, not only
#   which name.
# - **Standing still is not having arrived.** The saddle lies
#   {{ log_likelihood(theta) - log_likelihood(np.array([middle, middle])) : .2f }} lower than the peaks. Start from
#   several places, and compare the log-likelihoods.
#
# ## Exercises
#
# **1.** *Predict*: with three coins and equal weights, how many twins does each peak have?
# Check the log-likelihood of one of them.
#
# <details markdown><summary>Solution</summary>


# %%
def climb(theta):
    for _ in range(100):
        share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
        theta = heads @ share / ((heads + tails) @ share)
    return theta


three = climb(np.array([0.2, 0.5, 0.8]))
turned = three[[1, 2, 0]]
print(three.round(4), log_likelihood(three).round(5))
print(turned.round(4), log_likelihood(turned).round(5))

# %% [markdown]
# Three names can be given in six ways, so a peak has five twins, if all three coins
# differ. Here two are equal, so the six fall together in pairs.
#
# </details>
#
# **2.** Start from many places: both coins at 0.1, 0.2, … 0.9. *Predict* how many of the 81 starts end at each
# peak, and how many at the saddle.
#
# <details markdown><summary>Solution</summary>

# %%
ends = {"peak": 0, "twin": 0, "saddle": 0}
for first in np.arange(1, 10) / 10:
    for second in np.arange(1, 10) / 10:
        difference = np.subtract(*climb(np.array([first, second])))
        if abs(difference) < 0.1:
            ends["saddle"] += 1
        else:
            ends["peak" if difference > 0 else "twin"] += 1

print(ends)

# %% [markdown]
# Each start ends on its own side of the diagonal, and the nine that lie on the diagonal end at the saddle.
#
# </details>
#
# ## Where to read on
#
# Next: [why EM works](why.py). Why not follow the slope? [EM and gradient methods](gradients.py) puts both side by
# side. What to do about lower peaks is on the page about
# [what goes wrong](pitfalls.py).
