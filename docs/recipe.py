# ---
# title: Write your own
# order: 33
# section: Make
# question: How do I turn a problem of my own into EM?
# description: >-
#   Five questions that turn a new problem into Expectation Maximisation, a model written on
#   the page in some twenty lines, and a table of what is hidden in every model of the site.
# ---

# %% [markdown]
# # Write your own
#
# **At the end of this page you will be able to** turn a new problem into EM by answering five
# questions, write it as a model that `em.fit` takes as it is, and check that it is right
# before you believe it.
#
# ## Five questions
#
# 1. **What is hidden?** The thing that you would ask for first, if you could ask.
# 2. **What would I do if I saw it?** Usually: count, average, divide.
# 3. **What is its probability given the rest?** The rest being the data, and a guess of the
#    parameters. This is Bayes' rule.
# 4. **Which averages do I need?** Look at the answer to question 2: it uses the hidden thing
#    only through some counts or sums. Their *expected* values are the E-step.
# 5. **Where do they go in the formula?** Into the answer to question 2, in the place of what
#    was not seen. This is the M-step.
#
# For the [two coins](coins.py): hidden is which coin was flipped (1). Seeing it, I would
# divide a coin's heads by its flips (2). The probability of a coin, given the sequence, is its
# share of the chances (3). I need the expected number of heads and of flips of each coin (4).
# They go into the fraction, heads over flips (5).
#
# ## A problem: genes behind blood groups
#
# Everybody carries two genes for the blood group, one from each parent. The gene comes in
# three kinds, called *alleles*: A, B and O. A and B show; O is hidden behind them. So the pair
# AO looks like AA: both are group A. Of 521 people, patients with a duodenal ulcer (Clarke
# and others 1959), we know the group. (The disease is commoner in people of group O, so the
# frequencies that we find are those of such patients, not of the country.)

# %%
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

import em

counts = {"A": 186, "B": 38, "AB": 13, "O": 284}
print(sum(counts.values()), "people")

# %% [markdown]
# How frequent are the three alleles? Call their shares $a$, $b$ and $o$. If the two genes of a
# person are drawn independently, then pairs are areas. (Geneticists speak of *Hardy–Weinberg
# proportions*.)

# %% tags=["hide"]
from em.figures import recipe as draw

draw.squares(
    {
        "all equal": (1 / 3, 1 / 3, 1 / 3),
        "O frequent": (0.2, 0.2, 0.6),
    },
    "One gene across, the other upwards; the area of a field is the chance of its pair. "
    "Colour shows the blood group: AA and both fields of AO are group A.",
)

# %% [markdown]
# | group | pairs | chance |
# | --- | --- | --- |
# | A | AA, AO | $a^2 + 2ao$ |
# | B | BB, BO | $b^2 + 2bo$ |
# | AB | AB | $2ab$ |
# | O | OO | $o^2$ |
#
# There is no short formula for the best $a$, $b$ and $o$. But ask the five questions.
#
# **1. What is hidden?** Which pair each person carries. Of the 186 people of group A, how
# many are AA, and how many AO?
#
# **2. What would I do if I saw it?** Count genes. A person AA has two genes A, a person AO
# has one, and so has a person AB. There are 521 people, so 1042 genes:
#
# $$ a = \frac{2 n_{AA} + n_{AO} + n_{AB}}{1042} . $$
#
# **3. What is its probability given the rest?** By Bayes' rule, somebody of group A is AA with
# probability
#
# $$ \frac{a^2}{a^2 + 2ao} . $$
#
# **4. Which averages do I need?** The expected number of people with each pair: 186 times that
# probability, for AA.
#
# **5. Where do they go in the formula?** Into the count of genes, in place of $n_{AA}$ and the
# others.
#
# ## The model
#
# The answers are the program. A model for `em.fit` is anything that has three functions: `check` looks at
# data and start once, `e_step` gives the expected counts and the log-likelihood of the
# parameters it was given, `m_step` gives new parameters. The parameters are a `NamedTuple`.


# %%
class Alleles(NamedTuple):
    a: float
    b: float
    o: float


def check(people, alleles):
    if min(alleles) <= 0 or abs(sum(alleles) - 1) > 1e-9:
        raise ValueError(f"{alleles}: expected shares that add up to 1")
    return np.array([people[name] for name in ("A", "B", "AB", "O")]), alleles


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


blood = SimpleNamespace(check=check, e_step=e_step, m_step=m_step)

# %% [markdown]
# The log-likelihood is $\sum n \log(\text{chance of the group})$ over the four groups; a
# constant that does not depend on the alleles is left out. Run it:

# %%
start = Alleles(0.3, 0.2, 0.5)
fit = em.fit(blood, counts, start)

print("step  A       B       O       log-lik.")
for number, step in enumerate(fit.steps[:6]):
    a, b, o = step.params
    print(f"{number:4}  {a:.4f}  {b:.4f}  {o:.4f}  {step.log_likelihood:.5f}")
print(f"settled after {len(fit.steps) - 1} steps:")
print("     ", "  ".join(f"{share:.6f}" for share in fit.params))

# %% tags=["hide"]
draw.genotypes(
    {
        "at the start": fit.steps[0].posterior,
        "at the limit": fit.posterior,
    },
    (("AA", "AO"), ("BB", "BO"), ("AB",), ("OO",)),
    "The E-step shares out the people of groups A and B between two pairs each. At the "
    "limit, most of both carry a hidden O.",
)

# %% [markdown]
# About 21 in a hundred genes are A, 5 are B and 74 are O. Geneticists call this *gene
# counting*; they did it before EM had its name (Ceppellini, Siniscalco and Smith 1955). The
# counts are an example in Lange, *Mathematical and Statistical Methods for Genetic Analysis*
# (2nd edition 2002).
#
# ## Check it before you believe it
#
# **Does the likelihood ever fall?** `em.fit` looks at every step, and stops with an error if it
# does. Suppose I forget that AA has *two* genes A, and so for BB and OO. Started near the answer, the wrong M-step
# walks downhill, and is caught:


# %%
def forgetful(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([aa + ao + ab, bb + bo + ab, oo + ao + bo])
    return Alleles(*genes / genes.sum())


wrong = SimpleNamespace(check=check, e_step=e_step, m_step=forgetful)
try:
    em.fit(wrong, counts, fit.params)
except em.FellError as error:
    print(error)

# %% [markdown]
# From a poor start the same mistake climbs at first, and might go unnoticed. So start at the
# limit, too: a right M-step stays there.
# ([Is my EM right?](pitfalls.py#is-my-em-right) has more wrong M-steps, and how they show.)
#
# **Does another method agree?** Give the observed likelihood to an optimiser that knows
# nothing of EM.


# %%
def minus_log_likelihood(free):
    a, b, o = np.exp([*free, 0]) / np.exp([*free, 0]).sum()
    chances = [a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o]
    return -np.dot([186, 38, 13, 284], np.log(chances))


direct = minimize(minus_log_likelihood, [0, 0], method="BFGS")
shares = np.exp([*direct.x, 0]) / np.exp([*direct.x, 0]).sum()
print("directly", "  ".join(f"{share:.6f}" for share in shares))
print("EM      ", "  ".join(f"{share:.6f}" for share in fit.params))
print(f"log-likelihoods {-direct.fun:.6f}, {fit.log_likelihood:.6f}")

# %% [markdown]
# **Does it find what you put in?** Draw people from alleles that you choose, and fit.

# %%
rng = np.random.default_rng(3)
genes = rng.choice(list("ABO"), size=(100_000, 2), p=[0.3, 0.1, 0.6])
pairs = np.char.add(*np.sort(genes, axis=1).T)
looks = {"AA": "A", "AO": "A", "BB": "B", "BO": "B", "AB": "AB", "OO": "O"}
drawn = dict.fromkeys(counts, 0)
for pair, number in zip(*np.unique(pairs, return_counts=True), strict=True):
    drawn[looks[str(pair)]] += int(number)
again = em.fit(blood, drawn, start).params
print(" ".join(f"{name} {number}" for name, number in drawn.items()))
print("found", "  ".join(f"{share:.3f}" for share in again))

# %% [markdown]
# Put in were 0.3, 0.1 and 0.6.
#
# **Does it matter where you start?** Try several starts; here all lead to one place.

# %%
ends = [
    em.fit(blood, counts, Alleles(*rng.dirichlet([1, 1, 1]))).params
    for _ in range(20)
]
print("largest difference among 20 ends:", f"{np.ptp(ends, axis=0).max():.0e}")

# %% [markdown]
# ## Every model of this site
#
# The same five questions, answered over and over. What is hidden may be a label, a number, or a
# path through time. (On a narrow screen the table moves sideways.)
#
# | model | what is hidden | parameters | E-step in words | M-step in words |
# | --- | --- | --- | --- | --- |
# | [Two coins](coins.py) | which coin made each sequence | chance of heads of each coin, mixing weights | share out each sequence among the coins | a coin's share of the heads, divided by its share of the flips |
# | [Rao's linkage](why.py#the-smallest-em-there-is) | how many of the first kind are of its second sort | one chance, θ | split the first kind, in proportion to the two chances | what speaks for θ, divided by all that speaks |
# | [Normals on a line](normals.py) | which group each point is from | mean and standard deviation of each group, mixing weights | share out each point among the bells | weighted mean, weighted standard deviation |
# | [Groups in several dimensions](groups.py) | which group each point is from | mean and covariance of each group, mixing weights | share out each point among the groups | weighted mean, weighted covariance |
# | [A table with holes](missing.py#a-table-with-holes) | the values that are not there | mean and covariance | fill each hole with its expected value, and note its spread | mean and covariance of the filled table, plus the spread |
# | [Censored lifetimes](missing.py#a-test-that-was-stopped-too-early) | how long the survivors would have lasted | a line and the spread around it | expected lifetime beyond the end of the test, and its variance | least-squares line; squared distances plus variances |
# | [Poisson mixtures](counts.py#one-rate-is-not-enough) | which kind of year each count is from | rate of each kind, mixing weights | share out each count among the kinds | weighted mean |
# | [Hidden Markov models](counts.py#the-years-get-an-order) | the path of states through time | chances of the first state, chances of moving, rate of each state | probability of each state at each time, and of each move, given the whole series | expected moves divided by expected visits; weighted mean of the counts |
# | [Blood groups](#a-problem-genes-behind-blood-groups), on this page | which two alleles each person carries | share of each allele | expected number of people with each pair | count the alleles, divide by all of them |
# | [Reads to transcripts](transcripts.py) | which transcript each read came from | abundance of each transcript | share out each read among the transcripts that it fits, by abundance and length | the reads that each transcript got |
# | [Raters who disagree](raters.py) | which class each item is | how common the classes are, how often each rater says what of each class | share out each item among the classes, by what was said of it and by whom | a rater's shares of the labels, counted with the shares of the classes |
# | [Pictures, or answers, of noes and yeses](digits.py) | which kind each row is of | probability of a yes in each column for each kind, mixing weights | share out each row among the kinds | weighted shares of yeses |
#
# The [mixing weights](groups.py#how-large-let-the-mixing-weights-go) are estimated alike in
# every mixture: a component's weight is its share of all the data.
#
# ## What could go wrong
#
# - **The wrong averages.** Question 4 asks for averages of what the formula *uses*. Where it
#   uses a square, the square of the average will not do:
#   [missing values](missing.py#why-the-expected-value-alone-is-not-enough) shows what happens.
# - **Shares that start at 0 stay at 0.** And with $o = 0$ nobody can be of group O: the
#   likelihood is 0, its logarithm minus infinity. Let `check` refuse such starts.
# - **The log-likelihood of other parameters.** `e_step` must give the log-likelihood of the
#   parameters that it was *given*, of the *observed* data. With that of the next step, or of
#   the filled-in data, the check that it never falls means nothing.
# - **No formula for question 2.** Then the M-step needs an optimiser inside. A step that only
#   improves is enough for the likelihood not to fall. But ask first whether a direct optimiser
#   would not serve you better.
# - **Question 3 has no answer.** Where the probability of what is hidden cannot be computed,
#   it may be drawn at random (*Monte Carlo EM*) or approximated (*variational EM*). That is no
#   longer the EM of these pages, and its promise changes.
#
# ## Exercises
#
# **1.** Twelve bulbs burn. Eight failed after 0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9 and 2.0
# thousand hours; four were still burning after 2.0, when the test ended. Lifetimes are
# exponential: the density is $\lambda e^{-\lambda t}$, the mean $1 / \lambda$, and a bulb that
# burns is as good as new. Answer the five questions.
#
# <details markdown><summary>Solution</summary>
#
# (1) How long the four would have burnt. (2) Take the mean of all lifetimes; $1 / \lambda$ is
# that mean. (3) As good as new: 2.0 plus another exponential lifetime. (4) The expected lifetime
# of each, $2.0 + 1 / \lambda$. The formula uses the lifetimes only through their sum, so no
# square is needed. (5) Into the sum.
#
# </details>
#
# **2.** Write it as a model, with the mean $1 / \lambda$ as its parameter. Does it agree with
# the known answer, the total of the hours burnt divided by the number of failures?
#
# <details markdown><summary>Solution</summary>


# %%
class Bulbs(NamedTuple):
    mean: float


hours = np.array([0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9, 2.0] + [2.0] * 4)
failed = np.array([True] * 8 + [False] * 4)


def bulbs_e_step(data, params):
    hours, failed = data
    log_likelihood = -hours.sum() / params.mean
    log_likelihood -= failed.sum() * np.log(params.mean)
    return hours + params.mean * ~failed, float(log_likelihood)


bulbs = SimpleNamespace(
    check=lambda data, params: (data, params),
    e_step=bulbs_e_step,
    m_step=lambda data, expected: Bulbs(expected.mean()),
)
burnt = em.fit(bulbs, (hours, failed), Bulbs(1.0))
print(f"EM {burnt.params.mean:.6f}, known {hours.sum() / failed.sum():.6f}")

# %% [markdown]
# The same. (At the limit, $12 m = 17.4 + 4 m$, so $m = 17.4 / 8$.)
#
# </details>
#
# **3.** Are the genes of a person independent, as the square assumes? Compare the counts with
# those that the fit expects.
#
# <details markdown><summary>Solution</summary>

# %%
a, b, o = fit.params
chances = np.array([a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o])
print("counted ", list(counts.values()))
expected = 521 * chances
print("expected", expected.round(1))
squares = (np.array(list(counts.values())) - expected) ** 2
print(f"chi-squared {(squares / expected).sum():.2f}")

# %% [markdown]
# Nearly: no group is off by more than two people. Four counts that sum to 521 leave three free
# numbers, two of which the alleles use up, so there is one left to test the model with. Of a
# right model one would expect a $\chi^2$ (the squared differences, each divided by what is
# expected, summed) of about 1. Here it is 0.41: nothing speaks against the square.
#
# </details>
#
# ## Where to read on
#
# The values of question 4 that are *not* shares: [missing values](missing.py). A model that
# works for its living: [reads to transcripts](transcripts.py). Many problems, with their E- and
# M-steps, are in Dempster, Laird and Rubin, *Maximum Likelihood from Incomplete Data via the EM
# Algorithm* (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
# Blood groups: Ceppellini, Siniscalco and Smith, *The estimation of gene frequencies in a
# random-mating population*, Annals of Human Genetics 20 (1955). More on the
# [resources page](resources.md).
