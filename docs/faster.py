# ---
# title: Faster EM (SQUAREM, Anderson)
# order: 13.5
# section: Understand
# question: Why is EM slow, and can it be made faster?
# description: >-
#   The rate of convergence of Expectation Maximisation, and jumps that make it faster: SQUAREM as a
#   program, Anderson acceleration as an option, BFGS beside them, raced in E-steps.
# numbers: own
# allow: [15, 10, 100, 1.5, 20, 0.996, 2.1, "1,096", 1965, 1977, 2008, 2019]
# ---

# %% [markdown]
# # Faster EM (SQUAREM, Anderson)
#
# Where much is hidden, EM creeps: thousands of small steps, all in nearly the same direction. But if each
# step is a fixed fraction of the one before, then a few steps tell where all the rest would lead. So jump
# there. Press **Next**, and watch the two runs spend the same number of E-steps.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import certainty as draw
from em.figures.stepper import stepper
from em.models import coins, gaussians, normals, poissons
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.poissons import Poissons

values, days = np.loadtxt(
    em.data("london_deaths.csv"), delimiter=",", skiprows=1
).T
start = Poissons([1, 3], [0.5, 0.5])
weighted = {"sample_weights": days}
slow = em.fit(poissons, values, start, max_iter=5_000, **weighted)
fast = em.fit(poissons, values, start, accelerate="anderson", **weighted)
there = fast.params.rates
last = int(fast.evaluations[-1]) - 1
stops = (0, 1, 3, 5, 8, 10, 12, last, 100, 400, 1_600)


def away(fit, steps):
    """Give how far the rates are from the highest likelihood, at worst."""
    spent = np.searchsorted(fit.evaluations, steps + 1, side="right")
    return np.abs(fit.steps[spent - 1].params.rates - there).max()


stepper(
    draw.jumps(slow, fast, stops, "EM, and EM with jumps."),
    [
        f"{n:,d} steps. To go: EM {away(slow, n):.4f}, with jumps {away(fast, n):.4f}"
        for n in stops
    ],
    "Deaths in London, as a mixture of two Poissons. Red dots are EM's steps, blue squares those of the same "
    "EM with Anderson's jumps. The star is the highest likelihood.",
)

# %% tags=["hide"]
theta, walk = 0.5, [0.5]
for _ in range(40):
    heads = 34 + 125 * theta / (2 + theta)
    theta = heads / (heads + 38)
    walk.append(theta)
moves = np.diff(walk)[1:3]
ratio = moves[1] / moves[0]
passed_on = 2 * 125 / (2 + theta) ** 2 * (1 - theta) / (heads + 38)

# %% [markdown]
# **You will be able to** see whether EM is creeping, and make it jump. **About MINUTES minutes. To know first:** what
# an E-step and an M-step do, as on [two coins](coins.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** after ten steps EM has come most of the way. How much of the rest is left after a hundred?
# *Press **Next** and compare.*
#
# <details markdown><summary>Nothing that matters</summary>
#
# So it would be if each step halved the distance. Here a step leaves
# {{ (away(slow, 800) / away(slow, 400)) ** (1 / 400) : .4f }} of it.
#
# </details>
# <details class="right" markdown><summary>Most of it</summary>
#
# Yes. {{ away(slow, 10) : .3f }} were left after ten steps, and {{ away(slow, 100) : .3f }} after a hundred.
# EM runs up to the ridge quickly, and then creeps along it.
#
# </details>
# <details markdown><summary>A tenth of it</summary>
#
# Ten times as many steps need not mean a tenth of the error. Each step removes a fixed *fraction* of the
# distance, and along this ridge the fraction is tiny.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** could a jump make the likelihood fall?
#
# <details markdown><summary>Yes, you pay for speed</summary>
#
# A jump can land lower, because the likelihood may bend where the steps were straight. But you need not
# accept it.
#
# </details>
# <details class="right" markdown><summary>It could, but then it is not made</summary>
#
# Yes. The next E-step gives the log-likelihood anyway. If it is lower, the jump is refused and EM's own step
# is taken, at the cost of one E-step.
#
# </details>
# <details markdown><summary>No, it points uphill</summary>
#
# It points where EM's steps lead, as far as they can tell. Jump too far uphill and you land on the other
# side, lower down.
#
# </details>
# </div>
#
# ## How fast is EM?
#
# Near its end, each step leaves a fixed fraction of the distance to go. This **rate of convergence**, $\rho$,
# is the [fraction of missing information](certainty.py#some-of-it-hidden) (Dempster, Laird and Rubin 1977).
# Take the animals of that page. If the guess is too high by a little, $\delta$, then the E-step fills in too
# many heads, and the M-step passes {{ passed_on : .3f }} of $\delta$ on.
#
# **By hand.** EM's first three answers for the animals are {{ walk[1] : .6f }}, {{ walk[2] : .6f }} and
# {{ walk[3] : .6f }}. The last move is {{ moves[1] / moves[0] : .4f }} times the one before. If that went on
# for ever, the moves still to come would add up to a geometric series,
#
# $$ \text{to go} = \text{last move} \cdot \frac{\rho}{1 - \rho} , $$
#
# which is {{ moves[1] : .6f }} × {{ ratio / (1 - ratio) : .4f }} = {{ moves[1] * ratio / (1 - ratio) : .6f }}.
# So jump to {{ walk[3] + moves[1] * ratio / (1 - ratio) : .6f }}. EM ends at {{ walk[-1] : .6f }}.

# %% [markdown]
# ## The program
#
# **SQUAREM** (Varadhan and Roland 2008) does this with several numbers at once. It takes two steps of EM,
# compares them, and goes as far as such steps would lead. Here are the deaths in London, on 1,096 days:

# %% tags=["program"]
import numpy as np

days = np.array([162, 267, 271, 185, 111, 61, 27, 8, 3, 1])
deaths = np.arange(len(days))
guess = np.array([[0.5, 0.5], [1, 3]])  # weights, then rates


def em_step(at):
    # E-step: weight times probability of each count, then responsibilities
    joint = at[0] * np.exp(-at[1]) * at[1] ** deaths[:, None]
    r = joint / joint.sum(axis=1, keepdims=True)
    # M-step: days and deaths credited to each kind
    return np.array([days @ r / days.sum(), (days * deaths) @ r / (days @ r)])


at, e_steps = guess, 0
while e_steps < 6_000:
    one = em_step(at)
    two = em_step(one)
    move, turn = one - at, two - 2 * one + at
    far = max(1, np.linalg.norm(move) / np.linalg.norm(turn))
    jump = at + 2 * far * move + far**2 * turn
    at = em_step(jump if jump.min() > 0 else two)
    e_steps += 3
    if np.abs(move).max() < 1e-8:
        break

print(e_steps, "E-steps: weights", at[0].round(4), "rates", at[1].round(4))

# %% tags=["hide"]
np.testing.assert_allclose(at, [fast.params.weights, there], atol=1e-6)

# %% [markdown]
# For three kinds, write three weights and three rates into `guess`.
#
# <div class="change" markdown>
# **Predict:** never jump, but take EM's steps alone. How many E-steps will it need?
#
# ```diff
# -    far = max(1, np.linalg.norm(move) / np.linalg.norm(turn))
# +    far = 1
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ changed.e_steps : d }} in place of {{ e_steps : d }}, for the same answer. With `far = 1` the jump is
# `two`, where EM's own two steps lead.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** jumps are good, so make every one of them large. Will it be faster still?
#
# ```diff
# -    far = max(1, np.linalg.norm(move) / np.linalg.norm(turn))
# +    far = 20
# ```
#
# <details markdown><summary>See why</summary>
#
# It never arrives. After {{ changed.e_steps : d }} E-steps the rates are {{ changed.at[1, 0] : .2f }} and
# {{ changed.at[1, 1] : .2f }}. The right length is not known beforehand: it depends on how much shorter each
# step is than the last, and that is what `move` and `turn` say.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** ask for three kinds of day. Which rate will the third get?
#
# ```diff
# -guess = np.array([[0.5, 0.5], [1, 3]])  # weights, then rates
# +guess = np.array([[0.3, 0.3, 0.4], [1, 2, 3]])  # weights, then rates
# ```
#
# <details markdown><summary>See why</summary>
#
# The same as the second: {{ changed.at[1, 1] : .4f }} and {{ changed.at[1, 2] : .4f }}. These data hold no
# third kind. It took {{ changed.e_steps : d }} E-steps to find that out.
#
# </details>
# </div>
#
# ## Can it be made faster?
#
# With the [package](index.py#the-same-with-the-package), add `accelerate="anderson"` to `em.fit`:

# %%
import numpy as np

import em
from em.models import poissons
from em.models.poissons import Poissons

values, days = np.loadtxt(
    em.data("london_deaths.csv"), delimiter=",", skiprows=1
).T
start = Poissons([1, 3], [0.5, 0.5])
slow = em.fit(poissons, values, start, sample_weights=days, max_iter=5_000)
fast = em.fit(
    poissons, values, start, sample_weights=days, accelerate="anderson"
)
print(fast.evaluations[-1], "E-steps in place of", slow.evaluations[-1])
print("largest difference of a rate:", end=" ")
print(f"{np.abs(fast.params.rates - slow.params.rates).max():.1e}")

# %% tags=["hide"]
sure = em.standard_errors(poissons, values, slow, sample_weights=days)

# %% [markdown]
# It is EM that falls short. EM stopped when its steps were of about $10^{-8}$, and at this rate of convergence
# the rest of the way is {{ sure.rate / (1 - sure.rate) : .0f }} times as long as a step.
#
# **Anderson acceleration** (1965) mixes the last four points so that their errors cancel as well as they can.
# No jump leaves the range of a parameter, none is kept that would lower the likelihood, and a run ends only
# after small steps of EM's own. So the promise stands that **the likelihood never falls**.
#
# ### A race, in E-steps
#
# How many E-steps until the log-likelihood is within $10^{-8}$ of the highest that any of the four reached?
# All begin at the same start, and refused jumps count. **BFGS** is a general optimiser. It climbs by the
# [slope](#the-e-step-gives-the-slope), learns how the hill bends, and needs an E-step for each point that it
# tries.
#
# <details markdown><summary>Go deeper</summary>
#
# This is how BFGS was run, in the coordinates of the jumps, with the log-likelihood for each observation:

# %%
from scipy.optimize import minimize

from em.numbers.parameters import Parameters


def ways(model, data, start, **options):
    return [
        em.fit(model, data, start, accelerate=how, max_iter=5_000, **options)
        for how in (None, "squarem", "anderson")
    ]


def slope_of_poissons(x, at, r):
    n = r.sum(axis=0)
    return [x @ r - n * at.rates, n - n.sum() * at.weights]


def bfgs(model, data, start, slope, n):
    free, heights = Parameters(model, start), []

    def downhill(vector):
        at = free.params(vector)
        r, height = model.e_step(data, at)
        heights.append(height)
        up = np.concatenate([part.ravel() for part in slope(data, at, r)])
        return -height / n, -up / n

    options = {"gtol": 1e-10, "maxiter": 5_000}
    with np.errstate(all="ignore"):  # a trial may go far
        minimize(downhill, free.vector(start), jac=True, options=options)
    return heights


def race(fits, heights):
    runs = [(fit.log_likelihoods, fit.evaluations) for fit in fits]
    runs.append((heights, range(1, len(heights) + 1)))
    top = max(max(run[0]) for run in runs)
    return [
        next(n for up, n in zip(*run, strict=True) if up >= top - 1e-8)
        for run in runs
    ]


def london_race(start):
    fits = ways(poissons, values, start, sample_weights=days)
    each = np.repeat(values, days.astype(int))
    return race(fits, bfgs(poissons, each, start, slope_of_poissons, len(each)))


london = london_race(start)
print("London: EM, SQUAREM, Anderson, BFGS:", *london)

# %% tags=["hide"]
np.random.seed(110)
forty = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
rng = np.random.default_rng(1)
near = np.concatenate([rng.normal(0, 1, 500), rng.normal(1.5, 1, 500)])
old_faithful = np.loadtxt(
    em.data("old_faithful.csv"), delimiter=",", skiprows=1
)
wide = [np.diag([1, 100])] * 3


def slope_of_normals(x, at, r):
    n, z = r.sum(axis=0), (x[:, None] - at.means) / at.stds
    by_log_std = (r * (z**2 - 1)).sum(axis=0)
    return [(r * z).sum(axis=0) / at.stds, by_log_std, n - n.sum() * at.weights]


def slope_of_gaussians(x, at, r):
    n, by_mean, by_root = r.sum(axis=0), [], []
    for share, mean, covariance in zip(
        r.T, at.means, at.covariances, strict=True
    ):
        away, root = x - mean, np.linalg.cholesky(covariance)
        inverse = np.linalg.inv(covariance)
        by_mean.append(inverse @ (share @ away))
        spread = (share * away.T) @ away - share.sum() * covariance
        slope = inverse @ spread @ inverse @ root
        slope[np.diag_indices(len(root))] *= np.diag(root)
        by_root.append(slope[np.tril_indices(len(root))])
    return [np.array(by_mean), np.array(by_root), n - n.sum() * at.weights]


def slope_of_reads(classes, at, reads):
    return [reads - reads.sum() * at.alpha / at.alpha.sum()]


def compete(model, data, start, slope, n):
    free = Parameters(model, start)
    near = free.vector(start) + 0.01 * np.cos(
        np.arange(len(free.vector(start)))
    )
    r, _ = model.e_step(data, free.params(near))
    up = np.concatenate([p.ravel() for p in slope(data, free.params(near), r)])
    for i, way in enumerate(1e-5 * np.eye(len(near))):
        ahead, behind = (
            model.e_step(data, free.params(near + sign * way))[1]
            for sign in (1, -1)
        )
        np.testing.assert_allclose(
            up[i], (ahead - behind) / 2e-5, rtol=1e-5, atol=1e-3
        )
    fits = ways(model, data, start)
    return fits, race(fits, bfgs(model, data, start, slope, n))


bell_fits, bells = compete(
    normals, near, Normals([-1, 2], [1, 1]), slope_of_normals, len(near)
)
_, points = compete(
    normals, forty, Normals([1.1, 9], [2, 1.7]), slope_of_normals, len(forty)
)
centre, unit = old_faithful.mean(axis=0), old_faithful.std(axis=0)


def standardised(raw):
    return Gaussians(
        (raw.means - centre) / unit, raw.covariances / unit / unit[:, None]
    )


pair = Gaussians([[2, 55], [4.5, 80]], wide[:2])
trio = Gaussians([[2, 55], [4, 75], [4.5, 85]], wide)
two, three = (
    compete(
        gaussians,
        (old_faithful - centre) / unit,
        standardised(begin),
        slope_of_gaussians,
        len(old_faithful),
    )[1]
    for begin in (pair, trio)
)
raw = [
    compete(
        gaussians, old_faithful, begin, slope_of_gaussians, len(old_faithful)
    )[1][-1]
    for begin in (pair, trio)
]

# With these bells EM's steps shrink, grow, and shrink again.
free = Parameters(normals, bell_fits[0].params)
walk = np.array([free.vector(step.params) for step in bell_fits[0].steps])
length = np.linalg.norm(np.diff(walk, axis=0), axis=1)
shortest = 20 + length[20:200].argmin()
longest = shortest + length[shortest:].argmax()
assert longest - shortest > 200

rng = np.random.default_rng(0)
random_starts = []
for _ in range(9):
    weight, rates = rng.uniform(), rng.uniform(0, 4, 2)
    at = Poissons(rates, [weight, 1 - weight])
    random_starts.append(london_race(at))
median = np.median(random_starts, axis=0)
most = np.max(random_starts, axis=0)

from em.kallisto import files
from em.kallisto.lengths import effective_lengths
from em.models import transcripts
from em.models.transcripts import Abundances

table = files.read_abundance(em.data("kallisto/abundance.tsv"))
fragments = files.read_fragments(em.data("kallisto/flens.txt"))
classes = files.read_classes(
    em.data("kallisto/pseudoalignments.ec"),
    em.data("kallisto/pseudoalignments.tsv"),
    effective_lengths(table.length, fragments),
)
_, reads = compete(
    transcripts,
    classes,
    Abundances(np.ones(len(classes.lengths))),
    slope_of_reads,
    classes.counts.sum(),
)
ratios = [one[3] / one[2] for one in (points, two, three, reads)]
for one in (london, median, bells):
    assert 0.9 < one[3] / one[2] < 1.3

# %% [markdown]
# BFGS depends on units: with Old Faithful in minutes it needs {{ raw[0] : d }} and {{ raw[1] : d }} E-steps.
#
# </details>
#
# | run | EM | SQUAREM | Anderson | BFGS |
# | --- | ---: | ---: | ---: | ---: |
# | London | {{ london[0] : ,d }} | {{ london[1] : d }} | {{ london[2] : d }} | {{ london[3] : d }} |
# | – nine starts, median | {{ median[0] : ,.0f }} | {{ median[1] : .0f }} | {{ median[2] : .0f }} | {{ median[3] : .0f }} |
# | – nine starts, worst | {{ most[0] : ,.0f }} | {{ most[1] : .0f }} | {{ most[2] : .0f }} | {{ most[3] : .0f }} |
# | a thousand points, 1.5 apart | {{ bells[0] : ,d }} | {{ bells[1] : ,d }} | {{ bells[2] : d }} | {{ bells[3] : d }} |
# | [forty points](normals.py) | {{ points[0] : d }} | {{ points[1] : d }} | {{ points[2] : d }} | {{ points[3] : d }} |
# | [geyser](groups.py), 2 | {{ two[0] : d }} | {{ two[1] : d }} | {{ two[2] : d }} | {{ two[3] : d }} |
# | geyser, 3 | {{ three[0] : d }} | {{ three[1] : d }} | {{ three[2] : d }} | {{ three[3] : d }} |
# | [reads](transcripts.py) | {{ reads[0] : d }} | {{ reads[1] : d }} | {{ reads[2] : d }} | {{ reads[3] : d }} |
#
# *London* starts from weights of a half and rates 1 and 3; other pages start or stop elsewhere, so their counts
# differ. *Nine starts* draws weights from 0 to 1 and rates from 0 to 4. *1.5 apart* is two bells of width 1, and
# *forty points* has free weights. *Geyser* is Old Faithful, standardised, in two and three groups. *Reads* is
# kallisto's example.
#
# **Which one?** On the first four rows Anderson and BFGS are close. On the last four BFGS needs
# {{ min(ratios) : .1f }} to {{ max(ratios) : .1f }} times as many E-steps. So take Anderson first, because it
# needs no more than your E-step and M-step, and never falls. Take BFGS where the slope has a formula and the
# M-step has none. Where EM takes ten steps, take neither: a jump costs some arithmetic of its own.
#
# On the thousand points EM's steps become shorter at first, and then stay as long, or even grow a little, for
# {{ longest - shortest : d }} steps. Such steps don't say where they lead, and a jump may land lower.
#
# ### The E-step gives the slope
#
# Any optimiser needs the slope of the log-likelihood, and the E-step gives it. By **Fisher's identity** it is
# the slope that you would have if the responsibilities were real data. So nobody needs to differentiate the
# logarithm of a sum. For the means of normals, with $z$ the distance from the mean in widths, the slope is
# `(r * z / std).sum(axis=0)`.
#
# <details markdown><summary>Go deeper</summary>
#
# Two bells on [forty points](normals.py), by BFGS:

# %%
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
tried = []


def downhill(free):
    mean, std = free[:2], np.exp(free[2:4])
    weight = np.array([1, np.exp(free[4])]) / (1 + np.exp(free[4]))
    r, height = normals.e_step(x, Normals(mean, std, weight))
    tried.append(height)
    away = (x[:, None] - mean) / std
    by_mean = (r * away / std).sum(axis=0)
    by_log_std = (r * (away**2 - 1)).sum(axis=0)
    by_odds = r[:, 1].sum() - len(x) * weight[1]
    return -height, -np.array([*by_mean, *by_log_std, by_odds])


climbed = minimize(downhill, [1.1, 9, *np.log([2, 1.7]), 0], jac=True)
print("means", climbed.x[:2].round(4), "stds", np.exp(climbed.x[2:4]).round(4))
print(f"log-likelihood {-climbed.fun:.4f}, {len(tried)} E-steps")

# %% [markdown]
# Nothing keeps a parameter in its range here, so we use logarithms of widths and log-odds of weights.
#
# </details>
#
# ### How the jumps are made
#
# Both work in coordinates without bounds.

# %% tags=["hide"]
from em.further.acceleration import Anderson, Squarem, jumping

em.show(Anderson)

# %% tags=["hide"]
em.show(Squarem)

# %% tags=["hide"]
em.show(jumping)

# %% [markdown]
# ## Several parameters
#
# This part is for readers who know matrices. With several
# parameters information is a matrix, and how much of it is missing depends on the direction. Here it is for
# [two coins](coins.py), both unknown, with mixing weights of one half.
#
# <details markdown><summary>Go deeper</summary>

# %%
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights")
found = em.standard_errors(coins, flips, fit, fixed="weights")

to_theta = np.linalg.inv(found.slopes[:2])  # from log-odds to θ
parts = {
    name: to_theta.T @ getattr(found, name) @ to_theta
    for name in ("complete", "observed", "missing")
}
for name, matrix in parts.items():
    print(f"{name:9}", *matrix.round(1).tolist())
dm = np.linalg.solve(parts["complete"], parts["missing"])
print("DM       ", *dm.round(4).tolist())
print("its eigenvalues", np.linalg.eigvals(dm).round(4))
print("standard errors", found.errors.theta.round(4))

# %% tags=["hide"]
draw.ellipses(
    parts,
    "Complete, observed and missing information about the two coins. In each direction, take how "
    "far an ellipse reaches that way. The squares add up: complete² = observed² + missing².",
)

# %% [markdown]
# The matrix **DM** is complete⁻¹ × missing. It says what a step of EM makes of a small error. Its largest
# eigenvalue, {{ found.rate : .4f }}, is the rate of convergence, because in the end only the most stubborn
# direction is left.
#
# </details>
#
# ## What could go wrong
#
# - **A jump is not wiser than EM.** It finds a limit sooner. Which of several limits depends on the start, and
#   can be another than EM's.
# - **Slow may mean undetermined.** A rate of convergence near 1 says that the data hardly tell something. Ask
#   for [standard errors](certainty.py) before you wait for more digits.
#
# ## Exercises
#
# **1.** At a rate of convergence of 0.996, how many steps does EM take to make an error ten times smaller?
# *Predict*: tens, hundreds or thousands?
#
# <details markdown><summary>Solution</summary>

# %%
print(f"{np.ceil(np.log(0.1) / np.log(0.996)):.0f} steps for each digit")

# %% [markdown]
# Hundreds: every step leaves 0.996 of the error, and that number must be multiplied by itself until less than
# a tenth is left.
#
# </details>
#
# **2.** Start the program from rates of 2 and 2.1, nearly alike. *Predict*: EM leaves the neighbourhood of a
# saddle slowly. Do the jumps help there?
#
# <details markdown><summary>Solution</summary>

# %%
spent = {}
for longest_jump in (1, 1e9):
    at, e_steps = np.array([[0.5, 0.5], [2, 2.1]]), 0
    while e_steps < 20_000:
        one = em_step(at)
        two = em_step(one)
        move, turn = one - at, two - 2 * one + at
        far = max(1, np.linalg.norm(move) / np.linalg.norm(turn))
        far = min(far, longest_jump)
        jump = at + 2 * far * move + far**2 * turn
        at = em_step(jump if jump.min() > 0 else two)
        e_steps += 3
        if np.abs(move).max() < 1e-8:
            break
    spent[longest_jump] = e_steps
    print(f"jumps up to {longest_jump:g}: {e_steps} E-steps", at[1].round(4))

# %% [markdown]
# They do: {{ spent[1e9] : d }} E-steps in place of {{ spent[1] : d }}. Near a saddle the steps grow by a fixed
# factor, and that can be foretold as well.
#
# </details>
#
# ## Where to read on
#
# Varadhan and Roland (2008), on SQUAREM,
# [doi 10.1111/j.1467-9469.2007.00585.x](https://doi.org/10.1111/j.1467-9469.2007.00585.x). Henderson and
# Varadhan (2019), on Anderson's scheme for EM,
# [doi 10.1080/10618600.2019.1594835](https://doi.org/10.1080/10618600.2019.1594835). Anderson (1965),
# [doi 10.1145/321296.321305](https://doi.org/10.1145/321296.321305). How EM's step is a gradient step in
# disguise is told on [the likelihood surface](surface.py).
