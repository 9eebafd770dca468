// Coins: which of them made each row of flips?
"use strict";
{
  const { num, small, put, clamp, shares, mixing, NAMES } = EM;
  const theta = (s, k, v) => ({ params: { theta: put(s.params.theta, k, +clamp(v, 0, 1).toFixed(3)) } });

  EM.views.coins = {
    label: "Rows of coin flips",
    data: { heads: [5, 9, 8, 4, 7], tails: [5, 1, 2, 6, 3] },
    params: { theta: [0.6, 0.5], weights: [0.5, 0.5] },
    options: { shares, mixing },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: { theta: s.params.theta.map(() => 0.3) } }),
        "One never heads": (s) => theta(s, 0, 0),
      },
    },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${NAMES[k]}`, +t.toFixed(5), (v) => theta(s, k, v), 0, 1]),
    takes: "1 to 4 coins with θ from 0 to 1, and whole numbers of heads and tails below 1,000",
    fits: ({ data: { heads, tails }, params: { theta, weights } }) =>
      theta.length < 5 && EM.counted(heads, tails) && Math.min(...theta) >= 0 && Math.max(...theta) <= 1 && EM.weighty(weights),
    share: (s) => EM.coins.eStep(s.data, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.coins.mStep(s.data, s.shared.responsibilities,
      { weights: s.options.mixing === "held" ? s.params.weights : null }),
    collapse: ({ component, message }) => component === undefined
      ? `${message} Move a θ away from 0 or 1, or a row's number.` : `Coin ${NAMES[component]} ${message}: 0 of 0 is no estimate. Start it elsewhere.`,
    tell(s) {
      if (!s.fresh)
        return `${s.params.theta.map((t, k) => `θ${NAMES[k]} ${num(t, 5)}` +
          (s.options.mixing === "free" ? `, weight ${num(s.params.weights[k], 3)}` : "")).join("; ")}.`;
      const { heads, flips } = EM.coins.credited(s.data, s.shared.responsibilities);
      return `The coins stay. ${heads.map((h, k) =>
        `${NAMES[k]} is credited with ${small(h)} heads of ${small(flips[k])} flips`).join(", ")}.`;
    },

    build(play) {
      const line = EM.line(play, {
        label: (k) => `θ of ${NAMES[k]}`, name: (k) => NAMES[k], values: (p) => p.theta, change: theta,
      });
      const table = EM.table(play, { heads: "heads", tails: "tails" }, { heads: 5, tails: 5 });
      return function draw(s) {
        const { heads, tails } = s.data, r = s.shared?.responsibilities, each = s.params.theta;
        const credited = r && EM.coins.credited(s.data, r);
        line(s);
        table(s, heads.map((_, i) => each.map((_, k) => {
          const [h, t] = r ? [r[i][k] * heads[i], r[i][k] * tails[i]] : [0, 0];
          return [r ? `${num(h, 1)} H ${num(t, 1)} T` : "–", h, t];
        })), each.map((_, k) => [`to coin ${NAMES[k]}`]), each.map((_, k) => {
          const h = r ? credited.heads[k] : 0, n = r ? credited.flips[k] : 0;
          return [n ? EM.quotient(h, n, s) : "–", h, n - h];
        }), Math.max(1, ...heads.map((h, i) => h + tails[i])), EM.sum(heads) + EM.sum(tails) || 1);
      };
    },
  };
}
