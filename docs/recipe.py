# ---
# title: Write your own
# order: 33
# section: Make
# question: How do I turn a problem of my own into EM?
# description: >-
#   Five questions that turn a new problem into Expectation Maximisation; the M-step by counting
#   and by calculus; three models derived, run and checked; what is hidden in every model here.
# numbers: own
# allow: [12, 26, 1955, 1959, 1977, 2002, 20, 30, 80, "2.0", "0.3", "0.4", "0.5", "0.7", "0.8", "0.9", "1.1", "1.2", "1.6", "1.9", "10.1111", "9.4", "21.4", "1.78", "3.0", 8, 4, 2, 0.01]
# ---

# %% [markdown]
# # Write your own
#
# Blood groups hide genes. From counts of four groups alone, how common is each gene? Step
# through the answer; then turn a problem of your own into EM in the same way. (To copy, each
# runs alone: [a program](#the-program), [a skeleton](#a-skeleton), [a model](#the-model), [a
# mixture of regressions](#a-mixture-of-regressions).)

# %% tags=["hide"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em
from em.figures import recipe as draw
from em.figures.stepper import stepper


class Alleles(NamedTuple):
    a: float
    b: float
    o: float


def e_step(people, alleles):
    a, b, o = alleles
    pairs = np.array(
        [[a * a, 2 * a * o], [b * b, 2 * b * o], [2 * a * b, 0], [o * o, 0]]
    )
    groups = pairs.sum(axis=1)
    return (people / groups)[:, None] * pairs, float(people @ np.log(groups))


def m_step(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([2 * aa + ao + ab, 2 * bb + bo + ab, 2 * oo + ao + bo])
    return Alleles(*genes / genes.sum())


people = np.array([186, 38, 13, 284])
thirds = Alleles(1 / 3, 1 / 3, 1 / 3)
first_model = SimpleNamespace(e_step=e_step, m_step=m_step)
run = em.fit(first_model, people, thirds)
(aa, ao), (bb, bo), (ab, _), (oo, _) = run.steps[0].posterior
PAIRS = (("AA", "AO"), ("BB", "BO"), ("AB",), ("OO",))
stepper(
    [
        draw.genotypes(
            {f"guess {number}": step.posterior}, PAIRS, "People by pair."
        )
        for number, step in enumerate(run.steps[:7])
    ],
    [
        f"Guess {number}: of all genes, A {step.params.a:.3f}, B {step.params.b:.3f}, "
        f"O {step.params.o:.3f}; log-likelihood −{-step.log_likelihood:.2f}"
        for number, step in enumerate(run.steps[:7])
    ],
    "Each bar is a blood group, as long as its number of people. Groups A and B are cut in two "
    "by the present guess: solid, two equal genes; pale, one of them a hidden O.",
)

# %% [markdown]
# Everybody carries two genes for the blood group, one from each parent. The gene comes in
# three kinds, called **alleles**: A, B and O. A and B show; O is hidden behind them. So
# somebody who carries AO looks like somebody who carries AA: both are of group A.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** at the guess of three thirds, groups A and B are cut alike: one person in three has two equal genes. Will they still be cut alike in the end? *Look at the two upper bars, then press **Play**.*
#
# <details markdown><summary>Yes, both follow the same rule</summary>
#
# The rule is the same, but the answer depends on how common the allele is, and A becomes more common than B.
#
# </details>
# <details class="right" markdown><summary>No: more of group A will be solid</summary>
#
# Yes. AA is to AO as $a$ to $2o$, and BB is to BO as $b$ to $2o$. In the end {{ run.posterior[0, 0] / people[0] : .0% }} of group A have two equal genes, but {{ run.posterior[1, 0] / people[1] : .0% }} of group B.
#
# </details>
# <details markdown><summary>No: more of group B will be solid</summary>
#
# A rare gene seldom meets another of its kind, and B is the rarer one.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** now the genes are counted, and the shares of the alleles are estimated anew. Which one grows most in the first step? *Go back to the guess, and press **Next**.*
#
# <details markdown><summary>A, because A is common among those who show a letter</summary>
#
# A has {{ people[0] : d }} people, but only a third of them are thought to have two A's.
#
# </details>
# <details markdown><summary>B, because few people have it</summary>
#
# Few people with a B means that B is rare. Its share falls.
#
# </details>
# <details class="right" markdown><summary>O, which is hidden so often</summary>
#
# Yes, from a third to {{ run.steps[1].params.o : .3f }}. The {{ people[3] : d }} people of group O have two each, and hidden O's come on top.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** O is thought to be more common now. What does that do to the solid part of the top bar? *Press **Next** until nothing moves.*
#
# <details class="right" markdown><summary>It shrinks</summary>
#
# Yes. With more O about, more people of group A have one hidden. In the end {{ run.posterior[0, 0] : .0f }} of them are AA. That makes O more common still, and so on, by less and less.
#
# </details>
# <details markdown><summary>It grows</summary>
#
# More AA would follow from more A. Here O has grown.
#
# </details>
# <details markdown><summary>It stays: the top bar is about A</summary>
#
# It is about whoever *looks* like A, and AO does.
#
# </details>
# </div>
# ## A problem: genes behind blood groups
#
# The people are {{ people.sum() : d }} patients with a duodenal ulcer (Clarke and others 1959):
# {{ people[0] : d }} of group A, {{ people[1] : d }} of B, {{ people[2] : d }} of AB and
# {{ people[3] : d }} of O. (The disease is commoner in people of group O, so the shares that we
# find are those of such patients, not of the country.)
#
# Call the shares of the alleles $a$, $b$ and $o$. If the two genes of a person are drawn
# independently, then pairs are areas. (Geneticists speak of *Hardy–Weinberg proportions*.)

# %% tags=["hide"]
draw.squares(
    {
        "all equal": (1 / 3, 1 / 3, 1 / 3),
        "O frequent": (0.2, 0.2, 0.6),
    },
    "One gene across, the other upwards; the area of a field is the probability of its pair. "
    "Colour shows the blood group: AA and both fields of AO are group A.",
)

# %% [markdown]
# | group | pairs | probability |
# | --- | --- | --- |
# | A | AA, AO | $a^2 + 2ao$ |
# | B | BB, BO | $b^2 + 2bo$ |
# | AB | AB | $2ab$ |
# | O | OO | $o^2$ |
#
# **Share out, by hand.** At the guess of three thirds, AA is to AO as 1 to 2. So of the
# {{ people[0] : d }} people of group A, {{ aa : .0f }} are AA and {{ ao : .0f }} are AO; of the
# {{ people[1] : d }} of group B, {{ bb : .2f }} are BB and {{ bo : .2f }} are BO. (An expected
# number of people need not be whole.)
#
# **Re-estimate, by hand.** Count the A's: two in each AA, one in each AO, one in each AB. That is
# 2 × {{ aa : .0f }} + {{ ao : .0f }} + {{ ab : .0f }} = {{ 2 * aa + ao + ab : .0f }}, of
# 2 × {{ people.sum() : d }} = {{ 2 * people.sum() : d }} genes. So $a$ is
# {{ run.steps[1].params.a : .4f }} now.
#
# ## The program

# %% tags=["program"]
import numpy as np

n_a, n_b, n_ab, n_o = 186, 38, 13, 284  # people of each blood group
a, b, o = 1 / 3, 1 / 3, 1 / 3  # a guess: how common each allele is

for step in range(1, 11):
    # E-step: how many of group A are AA, and of group B BB?
    aa = n_a * a * a / (a * a + 2 * a * o)
    bb = n_b * b * b / (b * b + 2 * b * o)
    ao, bo = n_a - aa, n_b - bb
    # M-step: count the genes, and divide by all of them
    genes = np.array(
        [2 * aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
    )
    a, b, o = genes / genes.sum()
    print(step, genes.round(1))

print(f"A {a:.4f}, B {b:.4f}, O {o:.4f}")

# %% tags=["hide"]
np.testing.assert_allclose((a, b, o), run.steps[10].params, rtol=1e-9)

# %% [markdown]
# ### Change it
#
# <div class="change" markdown>
# **Predict:** start with A and B at one half each, and no O at all. Can O come back from nothing?
#
# ```diff
# -a, b, o = 1 / 3, 1 / 3, 1 / 3  # a guess: how common each allele is
# +a, b, o = 1 / 2, 1 / 2, 0  # a guess: how common each allele is
# ```
#
# <details markdown><summary>See why</summary>
#
# Here it can: O ends at {{ changed.o : .4f }}, as before. The {{ changed.n_o : d }} people of group O must have two O's, whatever the guess says, so the first M-step counts them. Without such people O would have stayed at 0.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** forget that AA has *two* genes A, and count one. Where does A end?
#
# ```diff
# -        [2 * aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
# +        [aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
# ```
#
# <details markdown><summary>See why</summary>
#
# At {{ changed.a : .4f }} instead of {{ a : .4f }}. The loop converges just as calmly, and nothing it prints looks wrong. [Is my EM right?](#check-it-before-you-believe-it) is how you find such a mistake.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** suppose that nobody was of group AB. Does the share of A rise or fall?
#
# ```diff
# -n_a, n_b, n_ab, n_o = 186, 38, 13, 284  # people of each blood group
# +n_a, n_b, n_ab, n_o = 186, 38, 0, 284  # people of each blood group
# ```
#
# <details markdown><summary>See why</summary>
#
# It falls a little, to {{ changed.a : .4f }}: {{ 13 : d }} genes A are gone. B loses as many genes, but it had far fewer, so it falls from {{ b : .4f }} to {{ changed.b : .4f }}.
#
# </details>
# </div>
#
# ## Five questions
#
# Their answers are the two steps.
#
# 1. **What is hidden?** The thing that you would ask for first, if you could ask.
#    *Here: which pair each person carries.*
# 2. **What would I do if I saw it?** Usually: count, average, divide.
#    *Count the genes, divide by all of them.*
# 3. **What is its probability given the rest?** The rest being the data, and a guess of the
#    parameters. This is Bayes' rule.
#    *Somebody of group A is AA with probability* $a^2 / (a^2 + 2ao)$.
# 4. **Which averages do I need?** Look at the answer to question 2: it uses the hidden thing
#    only through some counts or sums. Their *expected* values are the E-step.
#    *The expected number of people with each pair.*
# 5. **Where do they go in the formula?** Into the answer to question 2, in the place of what
#    was not seen. This is the M-step.
#    *Into the count of genes, in place of* $n_{AA}$ *and the others.*
#
# Now answer them for the [two coins](coins.py), and then look.
#
# <details markdown><summary>Solution</summary>
#
# Hidden is which coin was flipped (1). Seeing it, I would
# divide a coin's heads by its flips (2). The probability of a coin, given the sequence, is its
# responsibility (3). I need the expected number of heads and of flips of each coin (4).
# They go into the fraction, heads over flips (5).
#
# </details>
#
# ### A skeleton
#
# Here it is filled in with these answers, for `em`, the package behind these pages
# ([one line installs it](index.py#the-same-with-the-package)):

# %% tags=["alone"]
from types import SimpleNamespace

import numpy as np

import em
from em.mixture import posterior


def log_joint(flips, theta):  # question 3: log(weight × probability)
    heads, tails = flips[0][:, None], flips[1][:, None]  # a row a sequence
    chance = heads * np.log(theta) + tails * np.log(1 - theta)
    return chance - np.log(len(theta))  # equal weights


def e_step(flips, theta):  # question 4: a pair
    return posterior(log_joint(flips, theta))


def m_step(flips, shares):  # questions 2 and 5
    heads, tails = flips
    return heads @ shares / ((heads + tails) @ shares)


two_coins = SimpleNamespace(e_step=e_step, m_step=m_step, log_joint=log_joint)
flips = np.array([[5, 9, 8, 4, 7], [5, 1, 2, 6, 3]])  # heads, tails
guess = np.array([0.6, 0.5])
print(em.fit(two_coins, flips, guess).params)
print("no check failed:", em.examine(two_coins, flips, guess).passed)

# %% tags=["hide"]
from em.models.coins import Coins, Flips

ours = em.fit(two_coins, flips, guess)
theirs = em.fit(em.models.coins, Flips(*flips), Coins(guess), fixed="weights")
np.testing.assert_allclose(ours.params, theirs.params.theta, rtol=1e-9)
assert abs(ours.log_likelihood - theirs.log_likelihood) < 1e-9

# %% [markdown]
# **`e_step` returns a pair: anything that `m_step` needs, and the log-likelihood, one number.**
# `m_step` returns new parameters, of the same kind as the guess: an array, a dict of arrays, a
# dataclass or a `NamedTuple`. (That no check failed speaks for the two steps, not for the answer.)
#
# The log-likelihood is about what was *seen*: for each observation add up its probability over
# all that may be hidden, take the logarithm, and add these up. In a mixture it falls out of the
# E-step, as the logarithms of the row sums. So for *any* mixture you write `log_joint` alone, a
# table of log(weight × density) with a row for each observation and a column for each component:
# `posterior` makes the pair of it, the shares and the log-likelihood.
#
# ## The model
#
# The blood groups have no such table, so here the pair is made by hand. The log-likelihood is
# $\sum n \log(\text{probability of the group})$ over the four groups. (A constant that does not
# depend on the alleles is left out.)

# %% tags=["alone"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em


class Alleles(NamedTuple):
    a: float
    b: float
    o: float


def e_step(people, alleles):
    a, b, o = alleles
    pairs = np.array(
        [[a * a, 2 * a * o], [b * b, 2 * b * o], [2 * a * b, 0], [o * o, 0]]
    )
    groups = pairs.sum(axis=1)
    expected = (people / groups)[:, None] * pairs
    return expected, float(people @ np.log(groups))


def m_step(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([2 * aa + ao + ab, 2 * bb + bo + ab, 2 * oo + ao + bo])
    return Alleles(*genes / genes.sum())


blood = SimpleNamespace(e_step=e_step, m_step=m_step)

people = np.array([186, 38, 13, 284])
print(people.sum(), "people")
start = Alleles(1 / 3, 1 / 3, 1 / 3)
fit = em.fit(blood, people, start)
print("  ".join(f"{share:.6f}" for share in fit.params))

# %% tags=["hide"]
np.testing.assert_array_equal(fit.params, run.params)

# %% [markdown]
# About {{ 100 * fit.params.a : .0f }} in a hundred genes are A, {{ 100 * fit.params.b : .0f }} are
# B and {{ 100 * fit.params.o : .0f }} are O. Geneticists call this *gene counting*; they did it
# before EM had its name. (The counts are an example in Lange, *Mathematical and Statistical
# Methods for Genetic Analysis*, 2nd edition 2002.)
#
# ## A mixture of regressions
#
# Eighty points follow not one line but two. *Hidden* is each point's line. *If I saw it*, I would
# draw the least-squares line through the points of each. *Its probability* is proportional to
# weight × density: `lines_log_joint` writes that down, and `posterior` does the rest. In the M-step
# each point counts in both lines, by its shares. (Three lines: a guess of three. Two covariates: an
# `x` of two columns, and a guess of three coefficients a line.)

# %% tags=["alone"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em
from em.mixture import posterior


class Lines(NamedTuple):
    coefficients: np.ndarray  # a row for each line: intercept, slope
    stds: np.ndarray
    weights: np.ndarray


def columns(x):
    return np.column_stack([np.ones(len(x)), x])


def lines_log_joint(data, lines):
    x, y = data
    off = (y[:, None] - columns(x) @ lines.coefficients.T) / lines.stds
    log_density = -np.log(np.sqrt(2 * np.pi) * lines.stds) - off**2 / 2
    return np.log(lines.weights) + log_density


def lines_e_step(data, lines):
    return posterior(lines_log_joint(data, lines))


def lines_m_step(data, shares):
    x, y = data
    rows = columns(x)
    coefficients = np.array(
        [np.linalg.solve(rows.T * r @ rows, rows.T * r @ y) for r in shares.T]
    )
    squares = (y[:, None] - rows @ coefficients.T) ** 2
    sizes = shares.sum(axis=0)
    variances = (shares * squares).sum(axis=0) / sizes
    return Lines(coefficients, np.sqrt(variances), sizes / sizes.sum())


lines = SimpleNamespace(
    e_step=lines_e_step,
    m_step=lines_m_step,
    log_joint=lines_log_joint,  # the rest is for error bars
    RANGES={"stds": "positive", "weights": "shares"},
)
rng = np.random.default_rng(4)
x = rng.uniform(0, 10, 80)
from_a = rng.random(80) < 0.4
y = np.where(from_a, 1 + 0.9 * x, 7 - 0.4 * x) + rng.normal(0, 0.7, 80)
guess = Lines(
    np.array([[0, 1.0], [5, 0]]), np.array([2.0, 2]), np.array([0.5, 0.5])
)
crossed = em.fit(lines, (x, y), guess)
print(crossed.params.coefficients.round(2))
print(crossed.params.stds.round(2), crossed.params.weights.round(2))

# %% tags=["hide"]
draw.two_lines(
    x,
    y,
    crossed.params.coefficients,
    crossed.posterior,
    "Two lines, and the points in the colours of their responsibilities. Where the lines "
    "cross, nobody can tell.",
)

# %% [markdown]
# Put in were the lines $1 + 0.9 x$ and $7 - 0.4 x$, a spread of 0.7, and a weight of 0.4 for the first.
#
# ### How many starts?
#
# Would another guess end higher? Draw twenty: give every point random shares, and let an M-step make
# lines of them. `em.best_of` keeps the highest end.

# %%
rng = np.random.default_rng(0)
two = np.ones(2)  # for three lines: np.ones(3)
starts = [lines_m_step((x, y), rng.dirichlet(two, size=80)) for _ in range(20)]
best = em.best_of(lines, (x, y), starts)
ends = np.array([end.log_likelihood for end in best.ends])
at_top = (ends > ends.max() - 0.01).sum()
print(f"highest {ends.max():.3f}, from {at_top} of 20 starts")
print(f"the first guess {crossed.log_likelihood:.3f}")

# %% [markdown]
# A rule of thumb: **begin with twenty, and count how many reach the top.** If half of all starts miss
# it, ten in a row do so once in a thousand ($0.5^{10}$). If only one or two of your twenty reached it,
# take ten times as many. Here {{ at_top : d }} did. It is no proof, and the highest end is not always
# the one to keep: a line may shrink onto two points, as [a bell onto
# one](pitfalls.py#a-bell-collapses). A floor under the spreads, `np.maximum(spreads, 0.1)` in the
# M-step, keeps it from that.
#
# ### How sure?
#
# `em.standard_errors` tells. *Predict:* how many standard errors from what was found lies what was
# put in?
#
# <details markdown><summary>Go deeper</summary>
#
# For a mixture that has a `log_joint`, [standard errors](certainty.py) are one line. `RANGES` says what
# the parameters can be: a spread is positive, weights are shares.

# %%
sure = em.standard_errors(lines, (x, y), crossed)
print("          line 1           line 2")
for name, found, error in (
    ("intercept", crossed.params.coefficients[:, 0], sure.errors[0][:, 0]),
    ("slope", crossed.params.coefficients[:, 1], sure.errors[0][:, 1]),
    ("spread", crossed.params.stds, sure.errors.stds),
    ("weight", crossed.params.weights, sure.errors.weights),
):
    row = zip(found, error, strict=True)
    print(f"{name:10}", "   ".join(f"{f:5.2f} ± {e:.2f}" for f, e in row))

# %% tags=["hide"]
put_in = [[[1, 0.9], [7, -0.4]], [0.7, 0.7], [0.4, 0.6]]
z = [
    np.abs(found - there) / error
    for found, there, error in zip(
        crossed.params, put_in, sure.errors, strict=True
    )
]
farthest = z[0][0, 1]  # the slope of the first line
assert max(one.max() for one in z) == farthest < 2

# %% [markdown]
# All that was put in lies within two standard errors of what was found: the farthest, the slope of
# the first line, by {{ farthest : .2f }}.
#
# </details>
#
# ## Two routes to the M-step
#
# **By counting**, as above: ask what you would do with the complete data, and do it with expected
# numbers. Most M-steps are found so. Where the answer to question 2 does not come to mind, there
# is a road that leads there, wherever there is a formula:
#
# **By calculus.** (1) Write the log-likelihood of the **complete data**. (2) Take its expected value over what is hidden; where it is linear in that, put expected values in its place. The result is called $Q$. (3) Differentiate, and set to zero.
#
# Whatever sums to 1 (mixing weights, rows of transitions) comes out as *expected counts, divided
# by their sum*. For the alleles:
#
# <details markdown><summary>Go deeper</summary>
#
# (1) Each gene A contributes a factor $a$ to the probability of the complete data,
# and so on, so its logarithm is
#
# $$ n_A \log a + n_B \log b + n_O \log o + \text{constant} , $$
#
# with $n_A = 2 n_{AA} + n_{AO} + n_{AB}$, and $n_B$ and $n_O$ alike.
# (2) It is linear in the counts, so $Q$ is the same, with expected counts in them. (3) But $a$,
# $b$ and $o$ are not free: they sum to 1. For that there is the **Lagrange multiplier**: add
# $\mu (1 - a - b - o)$, and differentiate as if they were free.
#
# $$ \frac{\partial}{\partial a} \bigl[ Q + \mu (1 - a - b - o) \bigr]
#    = \frac{n_A}{a} - \mu = 0 \quad\Rightarrow\quad a = \frac{n_A}{\mu} . $$
#
# So the shares are proportional to the counts, and since they sum to 1, $\mu$ is the number of
# all genes. That is counting.
#
# </details>
#
# For the lines of the [regressions](#a-mixture-of-regressions):
#
# <details markdown><summary>Go deeper</summary>
#
# With the labels known, the log-likelihood of the complete data has a term for each point and *its*
# line. With expected labels, each point has a term for each line, times its responsibility $r_{ik}$.
# Here $x_i$ stands for $(1, x_i)$, and $\beta_k$ for intercept and slope:
#
# $$ Q = \sum_{ik} r_{ik} \Bigl[ \log \pi_k - \log \sigma_k
#    - \frac{(y_i - \beta_k \cdot x_i)^2}{2 \sigma_k^2} \Bigr] + \text{constant} . $$
#
# Three derivatives, three parts of the M-step:
#
# - by $\beta_k$: $\sum_i r_{ik} \, x_i \, (y_i - \beta_k \cdot x_i) = 0$. These are the equations of
#   **least squares**, each point weighted by its responsibility;
# - by $\sigma_k$: $\sum_i r_{ik} \bigl[ -1/\sigma_k + (y_i - \beta_k \cdot x_i)^2 / \sigma_k^3
#   \bigr] = 0$, so $\sigma_k^2$ is the weighted mean of the squared distances;
# - by $\pi_k$, with a Lagrange multiplier: $\pi_k$ is $\sum_i r_{ik}$, divided by the number of
#   points.
#
# </details>
#
# Note step (2): take the expected value of the *logarithm*, and so of each sum that stands in it.
# Where a square stands in it, the expected square is needed, not the square of the expected value:
# [missing values](missing.py#why-the-expected-value-alone-is-not-enough) shows what happens.
#
# ## Exponential lifetimes
#
# Twelve bulbs burn. Eight failed after 0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9 and 2.0 thousand hours;
# four were still burning after 2.0, when the test ended. Lifetimes are exponential with mean $m$: the
# density is $e^{-t/m} / m$, and a bulb that burns is as good as new. What is $m$?
#
# ### By counting, in numbers
#
# Hidden is how long the four would have burnt. *If I saw it*, I would add up the twelve lifetimes and
# divide by 12. I see eight of them; they add up to 9.4. *What is expected of a bulb that still
# burns?* It is as good as new: whatever the mean is, so much is still to come. With a guess of
# 1, each of the four is expected to last until 3.0. So the sum is 9.4 + 4 × 3.0 = 21.4, and the new
# mean is 21.4 / 12 = 1.78. Once more, from there:

# %%
mean = 1.0  # a guess, in thousand hours
for step in range(1, 6):
    total = 9.4 + 4 * (2.0 + mean)  # E: what is expected of the sum
    mean = total / 12  # M: divide it
    print(step, f"sum {total:.2f}, mean {mean:.3f}")

# %% [markdown]
# That is the whole M-step, and there was no formula in it.
#
# ### By calculus
#
# The derivative of $Q$ is zero where the mean is $S / n$, with $S$ the expected sum. Here it is, and
# the two functions for `em.fit`:
#
# <details markdown><summary>Go deeper</summary>
#
# With all $n$ lifetimes $t_i$ known, the log-likelihood is
#
# $$ -n \log m - \frac1m \sum_i t_i . $$
#
# It uses the lifetimes only through their sum. Call $S$ the expected sum, as above. Then
#
# $$ Q = -n \log m - \frac{S}{m} , \qquad
#    \frac{\partial Q}{\partial m} = -\frac{n}{m} + \frac{S}{m^2} = 0
#    \quad\Rightarrow\quad m = \frac{S}{n} , $$
#
# the mean of the lifetimes. The *observed* log-likelihood, which the E-step has to give, is
# another: a bulb that failed contributes the logarithm of its density, one that burns that of
# $e^{-t/m}$, the probability to last so long.


# %%
class Bulbs(NamedTuple):
    mean: float


def bulbs_e_step(data, bulbs):
    hours, failed = data
    expected = np.where(failed, hours, hours + bulbs.mean)
    log_likelihood = -failed.sum() * np.log(bulbs.mean)
    return expected, float(log_likelihood - hours.sum() / bulbs.mean)


def bulbs_m_step(data, expected):
    return Bulbs(expected.mean())


bulbs = SimpleNamespace(e_step=bulbs_e_step, m_step=bulbs_m_step)
hours = np.array([0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9, 2, 2, 2, 2, 2])
failed = np.arange(12) < 8
burnt = em.fit(bulbs, (hours, failed), Bulbs(1.0))
print(f"EM {burnt.params.mean:.6f}")
print(f"hours / failures {hours.sum() / failed.sum():.6f}")

# %% tags=["hide"]
np.testing.assert_allclose(mean, burnt.steps[5].params.mean, rtol=1e-12)

# %% [markdown]
# For this one there is a formula, hours burnt by failures, and EM ends there. (At the limit $m$
# is $S/n$, so $12 m = {{ hours.sum() : .1f }} + 4 m$.)
#
# </details>
#
# ## Check it before you believe it
#
# `em.examine` looks for what a right EM does, in any model, also in yours. (One that collapses, or
# meets a floor, may look wrong.) Give it a function that draws data like yours, and it also asks
# whether the parameters that were put in are found.


# %%
def draw_people(alleles, rng):
    a, b, o = alleles
    chances = [a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o]
    return rng.multinomial(521, chances)


report = em.examine(blood, people, start, sample=draw_people)
for finding in report.findings:
    print(f"{finding.verdict:11}  {finding.check}")
print(str(report).splitlines()[-1])

# %% [markdown]
# So nothing failed. The four checks that were not made need a `log_joint`, or an
# `expected_log_joint`, which this model does not have. A pass is no proof: it says that none of
# these mistakes was seen.
#
# *Predict:* will the other two models pass?
#
# <details markdown><summary>Solution</summary>


# %%
def draw_bulbs(bulbs, rng):
    lifetimes = rng.exponential(bulbs.mean, 500)
    return np.minimum(lifetimes, 2), lifetimes < 2


def draw_points(lines, rng):
    x = rng.uniform(0, 10, 400)
    label = rng.choice(2, size=400, p=lines.weights)
    intercept, slope = lines.coefficients[label].T
    return x, intercept + slope * x + rng.normal(0, lines.stds[label])


for model, data, begin, sample in (
    (bulbs, (hours, failed), Bulbs(1.0), draw_bulbs),
    (lines, (x, y), guess, draw_points),
):
    report = em.examine(model, data, begin, sample=sample)
    print(str(report).splitlines()[-1])

# %% [markdown]
# </details>
#
# Now a mistake: I forget that AA has *two* genes A, and so for BB and OO.


# %%
import textwrap


def forgetful(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([aa + ao + ab, bb + bo + ab, oo + ao + bo])
    return Alleles(*genes / genes.sum())


wrong = SimpleNamespace(e_step=e_step, m_step=forgetful)
for failure in em.examine(wrong, people, start, sample=draw_people).failures:
    print("NO:", failure.check)
    print(textwrap.indent(textwrap.fill(failure.detail, 52), "    "))

# %% [markdown]
# `em.fit` catches it, too, if it is started at the limit, where a right M-step would stay. From a
# poor start the same mistake climbs at first, and might go unnoticed.

# %%
try:
    em.fit(wrong, people, fit.params)
except em.FellError as error:
    print(str(error).split(":")[0])

# %% [markdown]
# ([Is my EM right?](pitfalls.py#is-my-em-right) has more wrong M-steps, and how they show.)
#
# ## Every model of this site
#
# What is hidden in each, and the two steps in words.
#
# | model, and what is hidden | E-step in words | M-step in words |
# | --- | --- | --- |
# | [Two coins](coins.py): which coin made each sequence | share out each sequence among the coins | a coin's share of the heads, divided by its share of the flips |
# | [Rao's linkage](why.py#the-smallest-em-there-is): how many of the first kind are of its second sort | split the first kind, in proportion to the two chances | what speaks for θ, divided by all that speaks |
# | [Normals on a line](normals.py): which group each point is from | share out each point among the bells | weighted mean, weighted standard deviation |
# | [Groups in several dimensions](groups.py): which group each point is from | share out each point among the groups | weighted mean, weighted covariance |
# | [A table with holes](missing.py#a-table-with-holes): the values that are not there | fill each hole with its expected value, and note its spread | mean and covariance of the filled table, plus the spread |
# | [Censored lifetimes](censored.py): how long the survivors would have lasted | expected lifetime beyond the end of the test, and its variance | least-squares line; squared distances plus variances |
# | [Poisson mixtures](counts.py#one-rate-is-not-enough): which kind of year each count is from | share out each count among the kinds | weighted mean |
# | [Hidden Markov models](counts.py#the-years-get-an-order): the path of states through time | probability of each state at each time, and of each move, given the whole series | expected moves divided by expected visits; weighted mean of the counts |
# | [Blood groups](#a-problem-genes-behind-blood-groups): which two alleles each person carries | expected number of people with each pair | count the alleles, divide by all of them |
# | [Exponential lifetimes](#exponential-lifetimes): how long the survivors would have lasted | hours so far, plus the mean for each that still burns | mean of the lifetimes |
# | [A mixture of regressions](#a-mixture-of-regressions): which line each point is from | share out each point among the lines | weighted least squares, weighted spread |
# | [A blurred photograph](deblur.py): from which place each photon came | share out the photons of each pixel among the places that it may have come from | the photons that came from a place, divided by the probability to be seen |
# | [Reads to transcripts](transcripts.py): which transcript each read came from | share out each read among the transcripts that it fits, by abundance and length | the reads that each transcript got |
# | [Raters who disagree](raters.py): which class each item is | share out each item among the classes, by what was said of it and by whom | a rater's shares of the labels, counted with the shares of the classes |
# | [Pictures, or answers, of noes and yeses](digits.py): which kind each row is of | share out each row among the kinds | weighted shares of yeses |
#
# The [mixing weights](groups.py#how-large-let-the-mixing-weights-go) are estimated alike in
# every mixture: a component's weight is its share of all the data.
#
# ## What could go wrong
#
# - **Shares that start at 0 stay at 0.** And with $o = 0$ nobody can be of group O: the
#   likelihood is 0, its logarithm minus infinity. `em.fit` refuses to go on. A third function,
#   `check(data, start)`, can refuse such a start before the first step, and say why.
# - **The log-likelihood of other parameters.** `e_step` must give that of the parameters that it was
#   *given*, and of the *observed* data. Otherwise the check that it never falls means nothing.
# - **No formula for question 2.** Then the M-step needs an optimiser inside; a step that only
#   improves is enough for the likelihood not to fall. But ask first whether a direct optimiser
#   would not serve you better: [a small race](surface.py#a-small-race).
# - **Question 3 has no answer.** What cannot be computed may be drawn at random (*Monte Carlo EM*) or
#   approximated (*variational EM*). That is no longer the EM of these pages, and its promise changes.
#
# ## Exercises
#
# **1.** *Predict:* some of the people had their pairs read off: of group A, 4 are AA and 26 are AO.
# The others stay hidden. How does EM use that, and which way will $a$ move?
#
# <details markdown><summary>Solution</summary>
#
# Known labels are responsibilities of 0 and 1. Share out only the people whose pair is hidden, and
# add the known ones to the expected counts:

# %%
known = np.array([[4, 26], [0, 0], [0, 0], [0, 0]])
hidden = people - known.sum(axis=1)


def partly_e_step(hidden, alleles):
    a, _, o = alleles
    expected, log_likelihood = e_step(hidden, alleles)
    log_likelihood += 4 * np.log(a * a) + 26 * np.log(2 * a * o)
    return expected + known, log_likelihood


partly = SimpleNamespace(e_step=partly_e_step, m_step=m_step)
read_off = em.fit(partly, hidden, start).params
print("  ".join(f"{share:.4f}" for share in read_off))

# %% [markdown]
# Of the 30 who were read off, one in {{ 30 / 4 : .1f }} is AA, and EM expected one in
# {{ people[0] / fit.posterior[0, 0] : .1f }}: about the same. So $a$ hardly moves, from
# {{ fit.params.a : .4f }} to {{ read_off[0] : .4f }}.
#
# </details>
#
# **2.** Visitors of a park were asked how many fish they had caught. Many did not fish at all, and
# nobody wrote down who. Of those who fish, the catch is Poisson with mean $\lambda$. *Answer the
# five questions*, for the share $w$ who do not fish and $\lambda$. Then run it.
#
# <details markdown><summary>Solution</summary>
#
# (1) Who of those with no fish did not fish. (2) Count them and divide by all; divide all fish by
# the number who did fish. (3) Somebody with no fish did not fish with probability
# $w / (w + (1 - w) e^{-\lambda})$. (4) Their expected number, $h$. (5) $w = h / n$ and
# $\lambda = \sum x / (n - h)$. This is the **zero-inflated Poisson** model.


# %%
class Fishing(NamedTuple):
    w: float
    rate: float


def fishing_e_step(fish, params):
    none = params.w + (1 - params.w) * np.exp(-params.rate)
    some = fish[fish > 0]
    log_likelihood = np.sum(fish == 0) * np.log(none)
    log_likelihood += len(some) * (np.log(1 - params.w) - params.rate)
    log_likelihood += some.sum() * np.log(params.rate)  # but for a constant
    return np.sum(fish == 0) * params.w / none, float(log_likelihood)


def fishing_m_step(fish, at_home):
    return Fishing(at_home / len(fish), fish.sum() / (len(fish) - at_home))


park = SimpleNamespace(e_step=fishing_e_step, m_step=fishing_m_step)
fish = np.repeat([0, 1, 2, 3, 4, 5, 6], [57, 9, 12, 10, 7, 3, 2])
caught = em.fit(park, fish, Fishing(0.5, 1.0)).params
print(f"w {caught.w:.4f}, rate {caught.rate:.4f}")
report = em.examine(
    park,
    fish,
    Fishing(0.5, 1.0),
    sample=lambda p, rng: rng.poisson(p.rate, 400) * (rng.random(400) >= p.w),
)
print(str(report).splitlines()[-1])

# %% [markdown]
# Of the {{ np.sum(fish == 0) : d }} with no fish, about
# {{ 100 * caught.w : .0f }} did not fish; the others had no luck. (The counts are made up.)
#
# </details>
#
# ## Where to read on
#
# The values of question 4 that are *not* shares: [missing values](missing.py). Many problems, with
# their E- and M-steps, are in Dempster, Laird and Rubin, *Maximum Likelihood from Incomplete Data via
# the EM Algorithm* (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
# Blood groups: Ceppellini, Siniscalco and Smith, *The estimation of gene frequencies in a
# random-mating population*, Annals of Human Genetics 20 (1955). More on the
# [resources page](resources.md).
