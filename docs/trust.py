# ---
# title: When raters mislead
# order: 41.1
# section: Use
# question: How far may I trust what EM makes of raters, and how do I run it on my own ratings?
# description: >-
#   The Dawid–Skene model on your own table of ratings; observers seen by their errors, how sure
#   a class is, raters who are all wrong alike, the mirror, and probabilities of 0.
# numbers: own
# allow: [15, 12, 36, 45, "0.95", "1,000", "1,000,000", "100,000", 1979, 2014, 2010, 11, 28]
# ---

# %% [markdown]
# # When raters mislead
#
# [Raters (Dawid–Skene)](raters.py) weighs the opinions of five doctors without knowing who is
# right. These are the doctors as EM sees them. How far may you trust it?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import raters as draw
from em.kinds.ratings import table
from em.models import raters

rows = np.loadtxt(
    em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
)
ratings, names = table(rows.tolist())
votes = raters.vote_shares(ratings)
fit = em.fit(raters, ratings, raters.m_step(ratings, votes))
draw.observers(
    fit.params.confusion,
    "Each observer's confusion matrix. The area of a square is the probability; a dot stands "
    "for nearly nothing. A perfect observer would fill the diagonal.",
)

# %% [markdown]
# **You will be able to** run the model on your own ratings and to name four ways in which it can
# fool you. **About MINUTES minutes. To know first:** [raters](raters.py).
#
# ## Your own ratings
#
# A table of opinions has three columns: what was rated, who rated it, and what was said. Names may
# be words, as crowdsourcing programs write them.

# %%
import numpy as np

import em
from em.kinds.ratings import table
from em.models import raters

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
# Not everybody rated everything, and that is no trouble: whoever said nothing about a photo adds no
# factor. But *which* ratings are missing must not depend on what is hidden. They have to be
# [missing at random](at_random.py). Only what was said is stored, so there may be 1,000,000 ratings
# of 100,000 items by 1,000 raters.

# %% tags=["hide"]
em.show(raters.log_joint)

# %% tags=["hide"]
em.show(raters.credited)

# %% tags=["hide"]
em.show(raters.answer)

# %% [markdown]
# ## The majority is outvoted three times
#
# For most of the 45 patients EM agrees with the majority. From the start that Dawid and Skene used,
# it does not for three:

# %%
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
common, c = fit.params.weights, fit.params.confusion
right = [common @ np.diagonal(c[:, j]) for j in range(5)]
trust = common[0] * c[0, :, 0] / np.einsum("k,kj->j", common, c[:, :, 0])
late = table(rows[rows[:, 1] != 2].tolist())[0]
no_second = em.fit(raters, late, raters.m_step(late, raters.vote_shares(late)))
moved = no_second.posterior.argmax(axis=1) != fit.posterior.argmax(axis=1)

# %% [markdown]
# - **Patients 2 and 36.** Observer 2 said 4 of both. In this fit observer 2 never says 4 of a
#   patient of class 3 ({{ c[2, 1, 3] : .3f }}), so that one opinion rules class 3 out.
# - **Patient 12.** Observer 1 said 2, three times, but says so of {{ c[2, 0, 1] : .0% }} of class
#   3. All four others said 3 or 4, and they do so less often of class 2.
#
# This is where the start from the votes ends. It is not the highest peak: [another
# start](raters.py#exercises) ends higher, and there patient 12 is in class 2.
#
# ### The observer who never misses a 1
#
# Observers 3 and 5 say 1 of every patient of class 1: {{ c[0, 2, 0] : .2f }} and
# {{ c[0, 4, 0] : .2f }} in the upper left corner. Can their 1 be trusted, then? It cannot. They
# also say 1 of some patients of class 2, observer 5 of {{ c[1, 4, 0] : .0% }}. Turn it around by
# Bayes' rule. When observer 5 says 1, the patient is of class 1 with probability
# {{ trust[4] : .2f }}. When observer 2 says it, who misses some, the probability is
# {{ trust[1] : .2f }}.
#
# ### How sure is that?
#
# Class 4 holds {{ (fit.posterior[:, 3] > 0.5).sum() : d }} patients, so its row in each matrix
# rests on a handful of opinions. And it is a circle: observer 2 is taken to be right about class 4
# because patient 2 is taken to be of class 4, which it is because observer 2 is taken to be right.
# Leave out observer 2, and {{ moved.sum() : d }} of the 45 patients change their class, patient 2
# among them. A posterior of {{ fit.posterior[1, 3] : .3f }} is the probability *if the parameters
# were exactly these*. It does not know how uncertain they are.
#
# ## All raters are wrong in the same way
#
# Let us make 1,000 items of two classes. One in five looks to everybody as if it were of the other
# class. Of how it *looks*, each of five raters is right nine times in ten.

# %%
from em.kinds.ratings import Ratings

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
# EM believes that the raters are right nine times in ten, and is nearly certain of its classes. In
# truth {{ correct.mean() : .0% }} are right. The opinions are not independent, and nothing in the
# ratings tells. What helps is a sample of items whose truth is known from elsewhere.
#
# ## The mirror
#
# Two classes, five raters, and four of them are adversaries, who are wrong seven times in ten.

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
# Both have the same likelihood. One is the other with the names of the classes exchanged: the
# honest rater is called a liar, and nearly every class is wrong. No amount of ratings can tell the
# two apart, because the classes are **identified** only up to their names. The start from votes
# chooses the picture in which most raters are better than chance. That is an assumption, and it
# comes from us.
#
# ## A probability of 0 admits no surprise
#
# In this fit, observer 2 says 1 of class 4 with probability
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
# {{ int(expected_shares.argmax()) + 1 : d }} gets {{ expected_shares.max() : .2f }}. With
# `smoothed` as its M-step, EM climbs the likelihood times a [**prior**](priors.py).
#
# ## What could go wrong
#
# - **Opinions that are copies.** Observer 1 gave three opinions on each patient. If the third only
#   repeats the first, it counts three times without being worth it.
# - **A rare class** rests on few items, and so do all its errors.
#
# ## Exercises
#
# **1.** Keep only the first of observer 1's three opinions, then only the third. *Predict:* how
# many patients change their class?
#
# <details markdown><summary>Solution</summary>

# %%
place = np.arange(len(rows)) % 7  # seven opinions a patient
for keep in (0, 2):
    chosen = rows[(place > 2) | (place == keep)]
    once = table(chosen.tolist())[0]
    single = em.fit(raters, once, raters.m_step(once, raters.vote_shares(once)))
    change = single.posterior.argmax(axis=1) != fit.posterior.argmax(axis=1)
    print(f"opinion {keep + 1} kept, moved:", np.flatnonzero(change) + 1)

# %% [markdown]
# With the first, none; with the third, one. So here it hardly matters. That says nothing about
# other data.
#
# </details>
#
# **2.** *Predict:* if only the opinions of observer 2 are left out, does patient 36 stay in class
# 4?
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
# It stays, because observers 1 and 4 said 4 as well. But patient 2 goes over to the majority, and
# so do others. Four observers do not tell the same story as five.
#
# </details>
#
# ## Where to read on
#
# Raykar and others, *Learning From Crowds*, Journal of Machine Learning Research 11 (2010), learn a
# classifier at the same time. Passonneau and Carpenter, *The Benefits of a Model of Annotation*,
# Transactions of the Association for Computational Linguistics 2 (2014), compare the model with the
# majority and with measures of agreement.
