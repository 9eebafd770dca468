# ---
# title: Who is right when raters disagree?
# order: 41
# section: Use
# question: Several people label the same things and disagree. What is right, and whom can I trust?
# description: >-
#   Dawid and Skene's anaesthetists: EM finds each patient's class and each observer's
#   errors at once, from the opinions alone. With a table to change, and where it fails.
# numbers: own
# allow: [11, 12, 28, 36, 45, 315, 1979, "0.95", "0.60", "2.61", "2.58", "1,000", "1,000,000", "100,000", 2014, 2010]
# ---

# %% [markdown]
# # Who is right when raters disagree?
#
# Five doctors judge how fit 45 patients are for an anaesthetic: class 1 (fit) to 4. They
# disagree, and nobody knows the right answer. Which class is each patient, and which doctor
# can one trust?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import raters as draw
from em.figures.climb import climbing
from em.figures.live import live
from em.models import raters
from em.models.raters import Raters
from em.ratings import Ratings, table

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
# ## Try it
#
# **1. Predict:** of the seven opinions on patient 2, five say class 3 and two say class 4. So
# class 3 is the more probable? *Look at the bars.*
#
# <details markdown><summary>See why</summary>
#
# It is not: class 3 has {{ first.posterior[1, 2] : .2f }}, class 4
# {{ first.posterior[1, 3] : .2f }}. A vote is not a vote. Every observer calls class 4 "3" more
# often than class 3 "4". So, at this guess, a 4 says more than a 3.
#
# </details>
#
# **2. Predict:** observer 2 says 4. How much hangs on this one opinion? *Press that 4 again, to
# take it away.* Then press **Back**.
#
# <details markdown><summary>See why</summary>
#
# Without it, class 4 falls from {{ first.posterior[1, 3] : .2f }} to
# {{ without_second[1] : .2f }}. At this guess observer 2 says 4 of class 4 with
# probability {{ start.confusion[3, 1, 3] : .2f }}, of class 3 with
# {{ start.confusion[2, 1, 3] : .2f }}: the opinion multiplies the odds by
# {{ start.confusion[3, 1, 3] / start.confusion[2, 1, 3] : .1f }}.
#
# </details>
#
# **3. Predict:** where will patient 2 end: with the majority, or against it? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# In class 4, with {{ fit.posterior[1, 3] : .3f }}. As the classes become clearer, so do the
# observers' errors; and as those become clearer, so do the classes. That is **Expectation
# Maximisation**: share out each patient among the classes (**E-step**), re-estimate the
# observers (**M-step**), repeat.
#
# </details>
#
# ## A circle
#
# If we knew the patients' classes, we could count each observer's mistakes. If we knew how
# often each observer makes which mistake, we could weigh the opinions, and find the classes.
# We know neither.
#
# What is hidden, the **latent variable**, is the class of each patient. The parameters are
# how common the classes are, $\pi_k$, and for each observer a table: $c_{kjl}$ is the
# probability that observer $j$ says $l$ of a patient of class $k$. Such a table is called a
# **confusion matrix**. One thing is taken for granted: given the class, the opinions are
# **independent**. Nobody copies, and nobody is misled by what misleads the others. We
# come back to that.
#
# EM needs a start. The usual one is the votes: each patient belongs to each class as far as the
# opinions say so, and from these shares an M-step makes the first parameters.
#
# ## Share out, by hand
#
# Patient 2: observer 1 says 3 three times, observer 2 says 4, observers 3 and 4 say 3,
# observer 5 says 4. How probable is that in class 3, and in class 4? How common the class is,
# times one factor for each opinion. (In classes 1 and 2 it is next to impossible.)

# %%
class_3 = 0.152 * 0.569**3 * 0.188 * 0.312 * 0.604 * 0.104
class_4 = 0.048 * 0.400**3 * 0.800 * 0.400 * 0.267 * 0.600
print(f"class 3: {class_3:.6f}   class 4: {class_4:.6f}")
print(f"class 4's share: {class_4 / (class_3 + class_4):.2f}")

# %% tags=["hide"]
typed = [0.152, 0.569, 0.188, 0.312, 0.604, 0.104]
own = [start.weights[2], *start.confusion[2, range(5), [2, 3, 2, 2, 3]]]
np.testing.assert_allclose(own, typed, atol=6e-4)
typed = [0.048, 0.400, 0.800, 0.400, 0.267, 0.600]
own = [start.weights[3], *start.confusion[3, range(5), [2, 3, 2, 2, 3]]]
np.testing.assert_allclose(own, typed, atol=6e-4)

# %% [markdown]
# Such a share is the **responsibility** of class 4 for the patient: the probability of the
# class after the opinions are known, its **posterior** probability, if the present
# parameters were right. For patient $i$,
#
# $$ r_{ik} = \frac{\pi_k \prod_{j, l} c_{kjl}^{\,n_{ijl}}}
#                  {\sum_m \pi_m \prod_{j, l} c_{mjl}^{\,n_{ijl}}} , $$
#
# where $n_{ijl}$ says how often observer $j$ said $l$ of the patient. It is Bayes' rule.
#
# ## Re-estimate, by hand
#
# How often does observer 2 say 4 of a patient of class 4? Count, with the shares as weights.
# Five patients have a share in class 4 that is worth counting:
#
# | patient | share in class 4 | observer 2 says |
# | --- | --- | --- |
# | 2 | {{ first.posterior[1, 3] : .3f }} | 4 |
# | 8 | {{ first.posterior[7, 3] : .3f }} | 3 |
# | {{ names.items[10] : d }} | {{ first.posterior[10, 3] : .3f }} | 4 |
# | {{ names.items[35] : d }} | {{ first.posterior[35, 3] : .3f }} | 4 |
# | {{ names.items[38] : d }} | {{ first.posterior[38, 3] : .3f }} | 3 |

# %%
said_4 = 0.601 + 1.000 + 0.980
in_all = 0.601 + 0.023 + 1.000 + 0.980 + 0.007
print(f"{said_4:.3f} / {in_all:.3f} = {said_4 / in_all:.2f}")

# %% tags=["hide"]
np.testing.assert_allclose(
    second.params.confusion[3, 1, 3], said_4 / in_all, atol=1e-3
)

# %% [markdown]
# It was {{ start.confusion[3, 1, 3] : .2f }} and is {{ second.params.confusion[3, 1, 3] : .2f }} now.
# Next time a 4 of this observer will weigh more.
#
# ## The program
#
# The whole of it, with all the opinions, to be pasted into an empty Python. Each number of seven
# digits is a patient: three opinions of observer 1, and one of each other.

# %% tags=["program"]
import numpy as np

said = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444
2223343 1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221
2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111
2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111
2222222
"""
votes = np.zeros((45, 5, 4))  # patient, observer, what was said
for patient, row in enumerate(said.split()):
    for place, label in enumerate(row):
        votes[patient, max(0, place - 2), int(label) - 1] += 1
r = votes.sum(axis=1) / 7  # each patient's share of votes, to begin with
for _ in range(20):
    common = r.mean(axis=0)  # M-step: count, with the shares as weights
    c = np.einsum("ik,ijl->kjl", r, votes)
    c /= c.sum(axis=2, keepdims=True)
    joint = common * (c ** votes[:, None]).prod(axis=(2, 3))  # E-step
    r = joint / joint.sum(axis=1, keepdims=True)
print(common.round(3), np.log(joint.sum(axis=1)).sum().round(4))
# %% tags=["hide"]
np.testing.assert_allclose(
    c, fit.steps[19].params.confusion, rtol=1e-9, atol=1e-12
)
np.testing.assert_allclose(r, fit.steps[19].posterior, rtol=1e-9, atol=1e-12)
votes = raters.vote_shares(ratings)

# %% [markdown]
# The classes are as common as {{ common[0] : .2f }}, {{ common[1] : .2f }}, {{ common[2] : .2f }} and
# {{ common[3] : .2f }}, which is what Dawid and Skene printed in 1979, to the last of their
# digits. The **log-likelihood**, which says how well the parameters explain all the opinions,
# never falls:

# %% tags=["hide"]
climbing(
    fit.log_likelihoods[:11],
    "The log-likelihood after each step. The first step does most of the work.",
)

# %% [markdown]
# ## The same in the package
#
# A table of opinions has three columns: what was rated, who rated it, and what was said. That is
# how programs for crowdsourcing write it. Names may be words. (`em` is the package behind these
# pages; [one line installs it](index.py#the-same-with-the-package).)

# %%
import em
from em.models import raters
from em.ratings import table

rows = [
    ["photo 1", "Ada", "cat"],
    ["photo 1", "Ben", "cat"],
    ["photo 1", "Cy", "dog"],
    ["photo 2", "Ada", "dog"],
    ["photo 2", "Cy", "dog"],
    ["photo 3", "Ada", "cat"],
    ["photo 3", "Ben", "cat"],
    ["photo 3", "Cy", "cat"],
    ["photo 4", "Ben", "dog"],
    ["photo 4", "Cy", "dog"],
]
few, called = table(rows)
begin = raters.m_step(few, raters.vote_shares(few))
found = em.fit(raters, few, begin)
print("        ", *called.labels)
for photo, share in zip(called.items, found.posterior, strict=True):
    print(photo, share.round(3))

# %% [markdown]
# Not everybody rated everything, and that is no trouble: who said nothing of a photo adds no
# factor. (*Which* ratings are missing must not depend on what is hidden: they are **missing at
# random**.) The two steps are two products of matrices:

# %% tags=["hide"]
em.show(raters.log_joint)

# %% tags=["hide"]
em.show(raters.e_step)

# %% tags=["hide"]
em.show(raters.credited)

# %% tags=["hide"]
em.show(raters.answer)

# %% [markdown]
# `ratings.votes` is the table $n_{ijl}$, and only what was said is stored in it: the cost of a
# step grows with the number of ratings, not with items times raters. So there may be
# 1,000,000 ratings of 100,000 items by 1,000 raters.
#
# ## The majority is outvoted three times
#
# For most patients EM agrees with the majority. For three it does not:

# %%
import numpy as np

rows = np.loadtxt(
    em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
)
ratings, names = table(rows.tolist())
votes = raters.vote_shares(ratings)
fit = em.fit(raters, ratings, raters.m_step(ratings, votes))

differ = votes.argmax(axis=1) != fit.posterior.argmax(axis=1)
for i in np.flatnonzero(differ):
    print(f"patient {names.items[i]:2}")
    print("   votes", votes[i].round(2))
    print("   EM   ", fit.posterior[i].round(2))

# %% tags=["hide"]
draw.compared(
    {
        f"Patient {names.items[i]}": (votes[i], fit.posterior[i])
        for i in np.flatnonzero(differ)
    },
    "Hollow: shares of the votes. Filled: the classes, at the end. Patient 12 has a draw "
    "between 2 and 3, patients 2 and 36 a majority for 3.",
)

# %% [markdown]
# Why? Because of who said what. Here are the observers as EM sees them:

# %% tags=["hide"]
draw.observers(
    fit.params.confusion,
    "Each observer's confusion matrix. The area of a square is the probability; a dot stands "
    "for nearly nothing. A perfect observer would fill the diagonal.",
)

# %% tags=["hide"]
common, c = fit.params.weights, fit.params.confusion
right = [common @ np.diagonal(c[:, j]) for j in range(5)]
trust = common[0] * c[0, :, 0] / np.einsum("k,kj->j", common, c[:, :, 0])
late = table(rows[rows[:, 1] != 2].tolist())[0]
no_second = em.fit(raters, late, raters.m_step(late, raters.vote_shares(late)))
moved = no_second.posterior.argmax(axis=1) != fit.posterior.argmax(axis=1)

# %% [markdown]
# - **Patients 2 and {{ names.items[35] : d }}.** Observer 2 said 4 of both. In this fit, observer
#   2 never says 4 of a patient of class 3 ({{ c[2, 1, 3] : .3f }}), so that one opinion
#   rules class 3 out. (Others here never do so either: without observer 2, one of the two
#   stays in class 4.)
# - **Patient {{ names.items[11] : d }}.** Observer 1 said 2, three times, but says so of
#   {{ c[2, 0, 1] : .0% }} of class 3. All four others said 3 or 4; and of class 2 they do so
#   less often, one of them never.
#
# ### The observer who never misses a 1
#
# Observers 3 and 5 say 1 of every patient of class 1: {{ c[0, 2, 0] : .2f }} and
# {{ c[0, 4, 0] : .2f }} in the upper left corner. Does that mean that their 1 can be trusted? It
# does not. They also say 1 of some patients of class 2, observer 5 of
# {{ c[1, 4, 0] : .0% }}. Turn it around by Bayes' rule: when observer 5 says 1, the patient is of
# class 1 with probability {{ trust[4] : .2f }}; when observer 2 says it, who misses some, with
# {{ trust[1] : .2f }}. In this fit nobody's 1 is *never* wrong.
#
# ### How sure is that?
#
# Class 4 holds {{ (fit.posterior[:, 3] > 0.5).sum() : d }} patients, so its row in each matrix
# rests on a handful of opinions. And it is a circle: observer 2 is taken to be right on class 4
# because patient 2, for one, is taken to be of class 4, which it is because observer 2 is taken to
# be right. Leave out observer 2, and
# {{ moved.sum() : d }} of the 45 patients change their class, patient 2 among them:
# {{ no_second.posterior[1, 2] : .2f }} for class 3. A posterior of {{ fit.posterior[1, 3] : .3f }}
# is the probability *if the parameters were exactly these*. It does not know how uncertain
# they are.
#
# ## What could go wrong
#
# ### All raters are wrong in the same way
#
# Let us make 1,000 items of two classes. One in five looks to everybody as if it were of the
# other class. Of how it *looks*, each of five raters is right nine times in ten.

# %%
from em.ratings import Ratings

rng = np.random.default_rng(1)
truth = rng.integers(0, 2, 1000)
looks = np.where(rng.random(1000) < 0.2, 1 - truth, truth)
slip = rng.random((1000, 5)) > 0.9
said = np.where(slip, 1 - looks[:, None], looks[:, None])
item, rater = np.indices(said.shape)
misled = Ratings(item.ravel(), rater.ravel(), said.ravel())
alike = em.fit(
    raters, misled, raters.m_step(misled, raters.vote_shares(misled))
)

claimed = [np.diagonal(c).mean() for c in alike.params.confusion.swapaxes(0, 1)]
correct = alike.posterior.argmax(axis=1) == truth
print("raters, says EM: ", np.round(claimed, 2))
print(f"mean certainty:   {alike.posterior.max(axis=1).mean():.2f}")
print(f"in truth correct: {correct.mean():.2f}")

# %% [markdown]
# EM believes that the raters are right nine times in ten, and is nearly certain of its classes.
# In truth {{ correct.mean() : .0% }} are right. Errors that all share cannot be seen from
# agreement: the assumption of independence is broken, and nothing in the ratings tells. What
# helps is a sample of items whose truth is known from elsewhere.
#
# ### The mirror
#
# Two classes, five raters, and four of them are adversaries: they are wrong seven times in ten.

# %%
from em.models.raters import Raters

liars = [[0.3, 0.7]] * 4 + [[0.9, 0.1]]
true = Raters([liars, [row[::-1] for row in liars]], [0.5, 0.5])
ratings_2, classes = raters.sample(true, 1000, np.random.default_rng(1))

votes_2 = raters.vote_shares(ratings_2)
trusting = em.fit(raters, ratings_2, raters.m_step(ratings_2, votes_2))
knowing = em.fit(raters, ratings_2, true)
for name, one in (("from votes", trusting), ("from truth", knowing)):
    correct = (one.posterior.argmax(axis=1) == classes).mean()
    print(f"{name}: {one.log_likelihood:.4f}, correct {correct:.2f}")
    print("   right on class 1:", one.params.confusion[0, :, 0].round(2))

# %% [markdown]
# Both have the same likelihood. One is the other with the names of the two classes exchanged:
# the honest rater is called a liar, and nearly every class is wrong. No amount of ratings can
# tell the two apart: the classes are **identified** only up to their names. The start from votes
# chooses the picture in which most raters are better than chance. That is an assumption, and it
# comes from us.
#
# ### A probability of 0 admits no surprise
#
# After **Play** in the figure above, observer 2 says 1 of class 4 with probability
# {{ fit.params.confusion[3, 1, 0] : .0f }}. Change the opinion on patient 2 to that 1, and the
# patient is impossible in every class. With few ratings, zeros mean "not seen yet". The cure is to
# add a little to every count before dividing, a **pseudo-count**, here a tenth of an opinion:


# %%
def smoothed(ratings, shares):
    said = (ratings.votes.T @ shares).T.reshape(4, 5, 4) + 0.1
    confusion = said / said.sum(axis=2, keepdims=True)
    return Raters(confusion, shares.mean(axis=0))


fits = {"as it is": fit.params, "smoothed": smoothed(ratings, fit.posterior)}
changed = rows.copy()
changed[(rows[:, 0] == 2) & (rows[:, 1] == 2), 2] = 1
surprise = table(changed.tolist())[0]
for name, one in fits.items():
    with np.errstate(divide="ignore"):  # log 0 is −∞
        evidence = np.exp(raters.log_joint(surprise, one)[1])
    print(f"{name:8}  observer 2 of class 4:", one.confusion[3, 1].round(3))
    print(f"{'':8}  patient 2, with a 1: p = {evidence.sum():.1e}")

# %% tags=["hide"]
assert fit.params.confusion[3, 1, 0] == 0
heard = (ratings.votes.T @ fit.posterior).T.reshape(4, 5, 4)[3, 1]
np.testing.assert_allclose(
    fits["smoothed"].confusion[3, 1], (heard + 0.1) / (heard.sum() + 0.4)
)
expected_shares = evidence / evidence.sum()

# %% [markdown]
# The patient is improbable now, and no longer impossible: class
# {{ int(expected_shares.argmax()) + 1 : d }} gets {{ expected_shares.max() : .2f }}. With `smoothed` as its M-step, EM climbs
# the likelihood times a [**prior**](relatives.py#a-prior-map), not the likelihood alone.
#
# ### Opinions that are not independent
#
# Observer 1 gave three opinions on each patient. If the third only repeats the first, it counts
# three times without being worth it. Exercise 2 looks at that.
#
# ## Exercises
#
# **1.** *Predict:* if only the opinions of observer 2 are left out, does patient
# {{ names.items[35] : d }} stay in class 4? And who else moves? Then try it.
#
# <details markdown><summary>Solution</summary>

# %%
rest, who = table(rows[rows[:, 1] != 2].tolist())
four = em.fit(raters, rest, raters.m_step(rest, raters.vote_shares(rest)))
before, after = fit.posterior.argmax(axis=1), four.posterior.argmax(axis=1)
for i in np.flatnonzero(before != after):
    print(f"patient {who.items[i]:2}: {before[i] + 1} becomes {after[i] + 1}")
print("patient 36:", four.posterior[35].round(2))

# %% [markdown]
# Patient {{ names.items[35] : d }} stays: observers 1 and 4 said 4 as well. But patient 2 goes over
# to the majority, and so do others. Four observers do not tell the same story as five.
#
# </details>
#
# **2.** Keep only the first of observer 1's three opinions. *Predict:* how many patients change
# their class?
#
# <details markdown><summary>Solution</summary>

# %%
repeat = (rows[:, 1] == 1) & (np.arange(len(rows)) % 7 > 0)
once = table(rows[~repeat].tolist())[0]
single = em.fit(raters, once, raters.m_step(once, raters.vote_shares(once)))
change = single.posterior.argmax(axis=1) != fit.posterior.argmax(axis=1)
print(len(once.items), "opinions,", change.sum(), "patients change")
print("classes", single.params.weights.round(3))

# %% [markdown]
# None. So here it makes no difference. That says nothing of other data.
#
# </details>
#
# **3.** Start the anaesthetists at the same numbers, but with classes 1 and 2 exchanged. *Predict*
# the log-likelihood at the end.
#
# <details markdown><summary>Solution</summary>

# %%
other = [1, 0, 2, 3]
begin = raters.m_step(ratings, votes)
turned = Raters(begin.confusion[other], begin.weights[other])
mirror = em.fit(raters, ratings, turned)
print(f"{fit.log_likelihood:.6f}  {mirror.log_likelihood:.6f}")

# %% [markdown]
# The same, with the names exchanged: [label switching](pitfalls.py). Only the start ties class 1 to
# the label 1.
#
# </details>
#
# ## Where to read on
#
# A. P. Dawid and A. M. Skene, *Maximum Likelihood Estimation of Observer Error-Rates Using the EM
# Algorithm*, Applied Statistics 28 (1979),
# [doi 10.2307/2346806](https://doi.org/10.2307/2346806). Raykar and others, *Learning From Crowds*,
# Journal of Machine Learning Research 11 (2010), learn a classifier at the same time. Passonneau
# and Carpenter, *The Benefits of a Model of Annotation*, Transactions of the Association for
# Computational Linguistics 2 (2014), compare it with the majority and with measures of agreement.
# On this site: [a problem of your own](recipe.py), [how EM goes wrong](pitfalls.py).
