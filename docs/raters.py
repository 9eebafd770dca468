# ---
# title: Raters (Dawid–Skene)
# order: 41
# section: Use
# question: Several people label the same things and disagree. What is right, and whom can I trust?
# description: >-
#   The Dawid–Skene model: EM finds each patient's class and each observer's confusion matrix at
#   once, from the opinions alone. With a table to change and a program of twenty lines.
# numbers: own
# allow: ["0.601", "1.000", "0.980", "0.023", "0.007", 28, 60, 15, 20, 12, 36, 45, 315, 400, 1979, "3334334", "191.57", "192.89", 2014, 2010, "10.2307", 2346806]
# ---

# %% [markdown]
# # Raters (Dawid–Skene)
#
# Five doctors judge how fit 45 patients are for an anaesthetic, from class 1 (fit) to class 4. They
# disagree, and nobody knows the right answer. Which class is each patient, and which doctor can you
# trust? EM for this is the **Dawid–Skene model**.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import raters as draw
from em.figures.live import live
from em.kinds.ratings import table
from em.models import raters

opinions = np.loadtxt(
    em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
)
ratings, names = table(opinions.tolist())
votes = raters.vote_shares(ratings)
start = raters.m_step(ratings, votes)
fit = em.fit(raters, ratings, start)
first, second = fit.steps[:2]
# Patient 2 without the opinion of observer 2; classes 1 and 2 are next to nothing.
without_second = first.posterior[1, 2:] / start.confusion[2:, 1, 3]
without_second /= without_second.sum()
live(
    "opinion",
    patient=[2],
    program={"opinions": "opinions"},
    still=[
        draw.compared({"Patient 2": (votes[1], first.posterior[1])}, "Start."),
        draw.compared({"Patient 2": (votes[1], fit.posterior[1])}, "End."),
    ],
    told="Patient 2 at the start and at the end. Hollow: the shares of seven opinions. "
    "Filled: what EM makes of them.",
    caption="Each row is one opinion on the patient (observer 1 gave three). Press another "
    "class to change it, or the same again to take it away.",
)

# %% [markdown]
# **You will be able to** weigh the opinions of raters without knowing the truth. **About MINUTES
# minutes. To know first:** [two coins](coins.py), and Bayes' rule.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** of the seven opinions on patient 2, five say class 3 and two say class 4. Yet the bars give class 4 more. Why?
#
# <details markdown><summary>Class 4 is more common</summary>
#
# It is the rarest of the four. By the votes only one patient in {{ 1 / start.weights[3] : .0f }}
# belongs to it.
#
# </details>
# <details class="right" markdown><summary>A 4 says more than a 3</summary>
#
# Yes. Every observer says 3 of a class 4 patient more often than 4 of a class 3 patient. So a 3 is
# weak evidence against class 4, and a 4 is strong evidence for it. Class 3 has
# {{ first.posterior[1, 2] : .2f }}, class 4 {{ first.posterior[1, 3] : .2f }}.
#
# </details>
# <details markdown><summary>The three opinions of observer 1 count once</summary>
#
# They count three times; the model takes each opinion as a new look at the patient.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** observer 2 says 4. How much hangs on this one opinion of seven? *Press that 4 again, to take it away.* Then press **Back**.
#
# <details markdown><summary>Little: class 4 stays above a half</summary>
#
# A seventh of the votes would be little. But opinions multiply odds, and this one multiplies them
# by {{ start.confusion[3, 1, 3] / start.confusion[2, 1, 3] : .1f }}.
#
# </details>
# <details markdown><summary>Everything: class 4 falls to nearly nothing</summary>
#
# One opinion is left that says 4, and the observers' threes speak against class 4 only weakly.
#
# </details>
# <details class="right" markdown><summary>Class 4 falls from {{ first.posterior[1, 3] : .2f }} to {{ without_second[1] : .2f }}</summary>
#
# Yes. Of a class 4 patient observer 2 says 4 with probability {{ start.confusion[3, 1, 3] : .2f }},
# of a class 3 patient with {{ start.confusion[2, 1, 3] : .2f }}. The opinion multiplies the odds by
# {{ start.confusion[3, 1, 3] / start.confusion[2, 1, 3] : .1f }}.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** where will patient 2 end? *Press **Play**.*
#
# <details class="right" markdown><summary>In class 4, almost certainly</summary>
#
# Yes, with {{ fit.posterior[1, 3] : .3f }}. As the classes become clearer, so do the observers'
# errors, and then the classes become clearer still. That is **Expectation Maximisation**: share out
# each patient among the classes (**E-step**), re-estimate the observers (**M-step**), repeat.
#
# </details>
# <details markdown><summary>With the majority, in class 3</summary>
#
# The majority would be right if the observers' errors were alike. They are not, and EM finds that
# out on the way.
#
# </details>
# <details markdown><summary>As undecided as now</summary>
#
# It would stay so if the observers' errors were known. But they are estimated again at each step,
# and so they sharpen.
#
# </details>
# </div>
#
# ## By hand
#
# If we knew the patients' classes, we could count each doctor's mistakes. If we knew the mistakes,
# we could weigh the opinions and find the classes. We know neither. What is hidden, the **latent
# variable**, is the class of each patient. The parameters are how common the classes are, $\pi_k$,
# and for each observer $j$ a **confusion matrix**: $c_{kjl}$ is the probability that the observer
# says $l$ of a patient of class $k$. The model takes it for granted that, given the class, the
# opinions are **independent**.
#
# **Share out (E-step).** Of patient 2, observer 1 says 3 three times, observers 3 and 4 say 3,
# observers 2 and 5 say 4. How probable is that in class 3, and in class 4? Take how common the
# class is, times a factor for each opinion:

# %%
class_3 = 0.152 * 0.569**3 * 0.188 * 0.312 * 0.604 * 0.104
class_4 = 0.048 * 0.400**3 * 0.800 * 0.400 * 0.267 * 0.600
print(f"class 3: {class_3:.6f}   class 4: {class_4:.6f}")
print(f"class 4's responsibility: {class_4 / (class_3 + class_4):.2f}")

# %% tags=["hide"]
said_4 = 0.601 + 1.000 + 0.980
in_all = 0.601 + 0.023 + 1.000 + 0.980 + 0.007
np.testing.assert_allclose(
    second.params.confusion[3, 1, 3], said_4 / in_all, atol=1e-3
)
typed = [0.152, 0.569, 0.188, 0.312, 0.604, 0.104]
own = [start.weights[2], *start.confusion[2, range(5), [2, 3, 2, 2, 3]]]
np.testing.assert_allclose(own, typed, atol=6e-4)
typed = [0.048, 0.400, 0.800, 0.400, 0.267, 0.600]
own = [start.weights[3], *start.confusion[3, range(5), [2, 3, 2, 2, 3]]]
np.testing.assert_allclose(own, typed, atol=6e-4)

# %% [markdown]
# This is Bayes' rule, and the result is the **responsibility** of class 4 for the patient. In
# classes 1 and 2 it is next to nothing here.
#
# **Re-estimate (M-step).** How often does observer 2 say 4 of a patient of class 4? Count, with the
# responsibilities as weights. Five patients have one for class 4 that is worth counting, and
# observer 2 says 4 of three of them: (0.601 + 1.000 + 0.980) / (0.601 + 0.023 + 1.000 + 0.980 +
# 0.007) = {{ second.params.confusion[3, 1, 3] : .2f }}. It was {{ start.confusion[3, 1, 3] : .2f }}
# before. Next time a 4 of this observer will weigh more.
#
# ## The program
#
# Each number of seven digits is a patient: three opinions of observer 1, then one each of observers
# 2 to 5. EM needs a start, and the usual one is the votes.

# %% tags=["program"]
import numpy as np

said = """1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433
2222223 2322223 4444444 2223343 1111111 2223212 1211111 1112111 1111111 1111111
2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111
1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233
3333432 1111111 1111111 1212111 2322222 1211111 2222222"""
opinions = np.array(said.split(), int)  # observer 1 three times, then 2 to 5
labels = np.array([[*f"{row:07}"] for row in opinions], int)  # 0: no opinion
votes = labels[:, :, None] == np.array([1, 2, 3, 4])
votes = np.add.reduceat(votes, [0, 3, 4, 5, 6], axis=1, dtype=float)
r = votes.sum(axis=1) / votes.sum(axis=(1, 2))[:, None]  # shares of the votes

for _ in range(20):
    # M-step: count, with the responsibilities as weights
    pi = r.mean(axis=0)
    c = np.einsum("ik,ijl->kjl", r, votes)
    c /= c.sum(axis=2, keepdims=True)
    # E-step: how common the class, times a factor for each opinion
    joint = pi * (c ** votes[:, None]).prod(axis=(2, 3))
    r = joint / joint.sum(axis=1, keepdims=True)

print(pi.round(3), np.log(joint.sum(axis=1)).sum().round(4))

# %% tags=["hide"]
np.testing.assert_allclose(
    c, fit.steps[19].params.confusion, rtol=1e-9, atol=1e-12
)
np.testing.assert_allclose(r, fit.steps[19].posterior, rtol=1e-9, atol=1e-12)
differ = np.flatnonzero(
    raters.vote_shares(ratings).argmax(axis=1) != fit.posterior.argmax(axis=1)
)
assert [names.items[i] for i in differ] == [2, 12, 36]

# %% [markdown]
# The classes are as common as Dawid and Skene printed in 1979, to the last of their digits:
# {{ pi[0] : .2f }}, {{ pi[1] : .2f }}, {{ pi[2] : .2f }} and {{ pi[3] : .2f }}. From this start EM
# outvotes the majority for three patients: 2 and 36, which it puts into class 4, and 12, a draw
# that it puts into class 3. For other classes change the `[1, 2, 3, 4]`, and for other raters the
# places where their opinions begin, `[0, 3, 4, 5, 6]`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** patient 2 is the second number, 3334334. Let observer 2, whose 4 is the fourth digit, say 3. What becomes of the patient, and of observer 2?
#
# ```diff
# -said = """1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433
# +said = """1111111 3333334 1122122 2223121 2223222 2223322 1222111 3333433
# ```
#
# <details markdown><summary>See why</summary>
#
# The patient goes over to class 3, with {{ changed.r[1, 2] : .3f }}. Class 4 becomes rarer:
# {{ changed.pi[3] : .3f }} instead of {{ pi[3] : .3f }}. One opinion of {{ 45 * 7 : d }} has
# changed a patient, an observer and a class.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin with four equal responsibilities for every patient, in place of the votes. Which classes will EM find?
#
# ```diff
# -r = votes.sum(axis=1) / votes.sum(axis=(1, 2))[:, None]  # shares of the votes
# +r = np.full((45, 4), 0.25)
# ```
#
# <details markdown><summary>See why</summary>
#
# None. All four stay alike, with {{ changed.pi[0] : .2f }} each, and the log-likelihood stays at
# {{ np.log(changed.joint.sum(axis=1)).sum() : .1f }}. If the classes begin alike, no patient fits
# one of them better than another.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin with the votes again, but put patient 12, a draw between classes 2 and 3, wholly into class 2. Will EM come back to the same end?
#
# ```diff
# -r = votes.sum(axis=1) / votes.sum(axis=(1, 2))[:, None]  # shares of the votes
# +r = votes.sum(axis=1) / votes.sum(axis=(1, 2))[:, None]  # shares of the votes
# +r[11] = [0, 1, 0, 0]  # patient 12
# ```
#
# <details markdown><summary>See why</summary>
#
# No, and the new end is *higher*: {{ np.log(changed.joint.sum(axis=1)).sum() : .3f }}, where the
# votes led to {{ np.log(joint.sum(axis=1)).sum() : .3f }}. Patient 12 stays in class 2, with
# {{ changed.r[11, 1] : .2f }}. So the usual start does not lead to the highest peak, and the answer
# that Dawid and Skene printed is the answer of that start.
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **All raters are wrong in the same way.** Agreement cannot show errors that everybody shares:
#   [when raters mislead](trust.py).
# - **A probability of 0 admits no surprise.** With few ratings add a little to every count:
#   [pseudo-counts](trust.py#a-probability-of-0-admits-no-surprise).
# - **One start.** The votes led to {{ fit.log_likelihood : .2f }}, and there is a higher peak. Run
#   several starts, as the first exercise does.
#
# ## Exercises
#
# **1.** Start from twenty random sets of responsibilities. *Predict*: how many of them end above
# the votes?
#
# <details markdown><summary>Solution</summary>

# %%
import numpy as np

import em
from em.kinds.ratings import table
from em.models import raters

rows = np.loadtxt(
    em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
)
ratings, names = table(rows.tolist())
from_votes = em.fit(
    raters, ratings, raters.m_step(ratings, raters.vote_shares(ratings))
)
rng = np.random.default_rng(0)
starts = [
    raters.m_step(ratings, rng.dirichlet([1, 1, 1, 1], 45)) for _ in range(20)
]
best = em.best_of(raters, ratings, starts)
ends = np.array([end.log_likelihood for end in best.ends])
print(f"votes {from_votes.log_likelihood:.3f}, best of twenty {ends.max():.3f}")
print((ends > from_votes.log_likelihood + 0.001).sum(), "end above the votes")

# %% tags=["hide"]
rng = np.random.default_rng(0)
found = em.best_of(
    raters,
    ratings,
    [raters.m_step(ratings, rng.dirichlet([1] * 4, 45)) for _ in range(60)],
)
assert abs(found.fit.log_likelihood + 191.5689) < 1e-3

# %% [markdown]
# Few do, and most end lower. But of sixty such starts the best ends at
# {{ found.fit.log_likelihood : .2f }}, the higher peak of the third change, where patient 12 is in
# class 2.
#
# </details>
#
# **2.** Begin the program with classes 1 and 2 exchanged: add `r = r[:, [1, 0, 2, 3]]` below the
# first `r`. *Predict* the log-likelihood.
#
# <details markdown><summary>Solution</summary>
#
# The same, {{ fit.log_likelihood : .4f }}, with the names exchanged: [label switching](coins.py).
# Only the start ties class 1 to the label 1.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [when raters mislead](trust.py), and your own ratings in the package. A. P. Dawid
# and A. M. Skene, *Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm*,
# Applied Statistics 28 (1979), [doi 10.2307/2346806](https://doi.org/10.2307/2346806).
