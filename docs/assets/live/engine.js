// E- and M-steps on plain arrays, with nothing of the page. Every number here is
// tested against the Python package to 1e-12. An E-step gives {responsibilities,
// logLikelihood}, an M-step gives parameters; a component left with nothing throws.
"use strict";
globalThis.EM = { views: {} };
{
  const sum = (v) => v.reduce((a, b) => a + b, 0);
  const dot = (a, b) => a.reduce((total, v, i) => total + v * b[i], 0);
  const columns = (rows) => rows[0].map((_, k) => rows.map((row) => row[k]));
  const xlogy = (x, y) => (x === 0 ? 0 : x * Math.log(y));
  const ulp = (v) => Math.max(v, 2e-308) * 2 ** -52;

  function collapsed(component, message) {
    throw Object.assign(new Error(message), { component });
  }

  // Bayes' rule, for every mixture: log π_k p(x_i | θ_k) in, responsibilities out.
  // Scaled by the largest, so that no row is 0/0. (Hard: each goes whole to its likeliest.)
  function posterior(logJoint, hard = false) {
    let logLikelihood = 0;
    const responsibilities = logJoint.map((row, i) => {
      const top = Math.max(...row);
      if (!(top > -Infinity))
        throw new Error(`Observation ${i + 1} is impossible under every component.`);
      const parts = row.map((v) => Math.exp(v - top));
      const evidence = sum(parts);
      logLikelihood += top + Math.log(evidence);
      const owner = row.indexOf(top);
      return parts.map((part, k) => (hard ? +(k === owner) : part / evidence));
    });
    return { responsibilities, logLikelihood };
  }

  function sizesOf(byComponent) {
    const sizes = byComponent.map(sum);
    sizes.forEach((n, k) => n < 1e-307 && collapsed(k, "takes no data"));
    return sizes;
  }

  // The bound F(r, θ) = Σ r (log joint − log r), never above the log-likelihood.
  const bound = (logJoint, r) =>
    sum(logJoint.map((row, i) =>
      sum(row.map((v, k) => (r[i][k] ? r[i][k] * (v - Math.log(r[i][k])) : 0)))));

  // Normals on a line: {means, stds, weights}. `floor`: the least standard deviation.
  const normals = {
    density: (x, mean, std) =>
      Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI)),
    logJoint: (x, { means, stds, weights }) =>
      x.map((v) => means.map((mean, k) =>
        Math.log(weights[k]) - Math.log(stds[k] * Math.sqrt(2 * Math.PI)) -
        0.5 * ((v - mean) / stds[k]) ** 2)),
    eStep: (x, p, hard) => posterior(normals.logJoint(x, p), hard),
    mStep(x, r, { floor = 0, weights = null } = {}) {
      const shares = columns(r);
      const sizes = sizesOf(shares);
      const means = shares.map((s, k) => dot(s, x) / sizes[k]);
      const stds = shares.map((s, k) =>
        Math.max(floor, Math.sqrt(dot(s, x.map((v) => (v - means[k]) ** 2)) / sizes[k])));
      const least = 4 * ulp(Math.max(...x.map(Math.abs)));
      stds.forEach((std, k) => std <= least && collapsed(k, "shrank onto one value"));
      return { means, stds, weights: weights || sizes.map((n) => n / x.length) };
    },
  };

  // Coins: {theta, weights}; rows of heads and tails. Without binomial coefficients.
  const coins = {
    logJoint: ({ heads, tails }, { theta, weights }) =>
      heads.map((h, i) => theta.map((t, k) =>
        Math.log(weights[k]) + xlogy(h, t) +
        (tails[i] === 0 ? 0 : tails[i] * Math.log1p(-t)))),
    eStep: (rows, p, hard) => posterior(coins.logJoint(rows, p), hard),
    // What each coin is credited with: {heads, flips}, each (k,).
    credited: ({ heads, tails }, r) => {
      const shares = columns(r);
      return {
        heads: shares.map((s) => dot(s, heads)),
        flips: shares.map((s) => dot(s, heads) + dot(s, tails)),
      };
    },
    mStep(rows, r, { weights = null } = {}) {
      const sizes = sizesOf(columns(r));
      const { heads, flips } = coins.credited(rows, r);
      flips.forEach((n, k) => n === 0 && collapsed(k, "takes no flips"));
      return {
        theta: heads.map((h, k) => h / flips[k]),
        weights: weights || sizes.map((n) => n / rows.heads.length),
      };
    },
    bound: (rows, r, p) => bound(coins.logJoint(rows, p), r),
    // The slope of the log-likelihood: Σ r (heads / θ − tails / (1 − θ)).
    gradient(rows, p) {
      const { heads, flips } = coins.credited(rows, coins.eStep(rows, p).responsibilities);
      return p.theta.map((t, k) => heads[k] / t - (flips[k] - heads[k]) / (1 - t));
    },
  };

  // Groups in the plane: {means: [[x, y]…], covariances: [[[a, b], [b, c]]…], weights}.
  const gaussians = {
    logDensity([x, y], [m, n], [[a, b], [, c]]) {
      const l = Math.sqrt(a), slant = b / l, high = Math.sqrt(c - slant * slant);
      const u = (x - m) / l, v = (y - n - slant * u) / high;
      return -0.5 * (u * u + v * v) - Math.log(2 * Math.PI * l * high);
    },
    logJoint: (x, { means, covariances, weights }) =>
      x.map((point) => means.map((mean, k) =>
        Math.log(weights[k]) + gaussians.logDensity(point, mean, covariances[k]))),
    eStep: (x, p, hard) => posterior(gaussians.logJoint(x, p), hard),
    // `shape`: full, tied, diagonal or spherical.
    mStep(x, r, { shape = "full" } = {}) {
      const shares = columns(r), axes = columns(x);
      const sizes = sizesOf(shares);
      const means = shares.map((s, k) => axes.map((axis) => dot(s, axis) / sizes[k]));
      const scatters = shares.map((s, k) => {
        const [u, v] = axes.map((axis, d) => axis.map((value) => value - means[k][d]));
        const of = (p, q) => sum(s.map((w, i) => w * p[i] * q[i]));
        return [of(u, u), of(u, v), of(v, v)];
      });
      const pooled = columns(scatters).map((entry) => sum(entry) / x.length);
      const covariances = scatters.map((scatter, k) => {
        let [a, b, c] = shape === "tied" ? pooled : scatter.map((v) => v / sizes[k]);
        if (shape === "spherical") a = c = (a + c) / 2;
        if (shape === "spherical" || shape === "diagonal") b = 0;
        const flat = [a, c].some((variance, d) =>
          Math.sqrt(variance) <= 4 * ulp(Math.max(...axes[d].map(Math.abs))));
        if (flat || 1 - Math.abs(b) / Math.sqrt(a * c) < 1e-12) collapsed(k, "shrank flat");
        return [[a, b], [b, c]];
      });
      return { means, covariances, weights: sizes.map((n) => n / x.length) };
    },
    // p log n − 2 log L, with p the numbers that a fit of k groups chooses.
    bic(logLikelihood, k, n, shape = "full") {
      const chosen = { full: 3 * k, tied: 3, diagonal: 2 * k, spherical: k }[shape];
      return (chosen + 2 * k + k - 1) * Math.log(n) - 2 * logLikelihood;
    },
  };

  // k-means: each point to its nearest centre, each centre to its points' mean.
  const kmeans = {
    eStep: (x, means) => ({
      responsibilities: x.map((point) => {
        const away = means.map((m) => (point[0] - m[0]) ** 2 + (point[1] - m[1]) ** 2);
        const owner = away.indexOf(Math.min(...away));
        return away.map((_, k) => +(k === owner));
      }),
    }),
    mStep: (x, r) => {
      const shares = columns(r), sizes = sizesOf(shares);
      return shares.map((s, k) => columns(x).map((axis) => dot(s, axis) / sizes[k]));
    },
  };

  // Reads: classes {members: [[t…]…], counts, lengths}; abundances alpha, in reads.
  // Responsibilities: for each class the share of each of its members.
  const reads = {
    eStep({ members, counts, lengths }, alpha) {
      const total = sum(alpha);
      let logLikelihood = 0;
      const responsibilities = members.map((row, c) => {
        const parts = row.map((t) => alpha[t] / total / lengths[t]);
        const evidence = sum(parts);
        if (!(evidence > 0))
          throw new Error(`Read ${c + 1} is impossible: its transcripts are at 0.`);
        logLikelihood += counts[c] * Math.log(evidence);
        return parts.map((part) => part / evidence);
      });
      return { responsibilities, logLikelihood };
    },
    mStep({ members, counts, lengths }, r) {
      const alpha = lengths.map(() => 0);
      members.forEach((row, c) => row.forEach((t, j) => (alpha[t] += counts[c] * r[c][j])));
      return alpha;
    },
  };

  Object.assign(EM, {
    sum, dot, columns, posterior, bound,
    normals, coins, gaussians, kmeans, reads,
  });
}
