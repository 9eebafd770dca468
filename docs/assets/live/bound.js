// Bound: two coins along θA, the lower bound of the present shares, and Jensen's chord.
"use strict";
{
  const { make, set, num, put, clamp } = EM;
  const TOP = 24, GRID = Array.from({ length: 79 }, (_, i) => (i + 1) / 80);
  const at = ({ params: p }, t) => ({ ...p, theta: [t, p.theta[1]] });
  const coin = (s, k, v) => ({ params: { theta: put(s.params.theta, k, +clamp(v, 0.01, 0.99).toFixed(3)), shares: shares(s) } });
  // A's share of each row: of the last E-step, or set by hand.
  const shares = (s) => (s.shared ? s.shared.responsibilities.map(([r]) => r) : s.params.shares);
  const both = (s) => shares(s).map((r) => [r, 1 - r]);
  const height = (s, t) => EM.coins.eStep(s.data, at(s, t)).logLikelihood;
  const below = (s, t) => EM.coins.bound(s.data, both(s), at(s, t));
  // The top of the bound; with no row's share for A it is flat.
  const best = (s) => {
    const { heads: [h], flips: [n] } = EM.coins.credited(s.data, both(s));
    return n ? h / n : s.params.theta[0];
  };
  const all = (v) => (s) => ({ params: { shares: s.data.heads.map(() => v) } });
  const joined = (list) => (list[0] ? `M${list.join("L")}` : "");
  const dots = (list) => list.map((p) => `M${p}h0`).join("");

  // Paths as [class, d], and words at places as [text, [x, y], class].
  const paint = (svg, paths, texts) => {
    const nodes = EM.sync(svg, paths.length + texts.length, (i) => make(i < paths.length ? "path" : "text", {}, svg));
    paths.forEach(([name, d], i) => set(nodes[i], { class: name, d }));
    texts.forEach(([text, [x, y], name = ""], i) => set(nodes[paths.length + i], { text, x, y, class: name }));
  };

  EM.views.bound = {
    label: "Two coins: log-likelihood and bound",
    data: { heads: [21, 9, 10, 32, 7], tails: [7, 10, 17, 10, 13] },
    params: { theta: [0.25, 0.6], weights: [0.5, 0.5], shares: [0.05, 0.5, 0.8, 0.02, 0.4] },
    options: {},
    acts: { "Break it": { "Half and half": all(0.5), "All to A": all(1), "None to A": all(0) } },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${EM.NAMES[k]}`, +t.toFixed(5), (v) => coin(s, k, v), 0.01, 0.99]),
    takes: "two coins with θ from 0.01 to 0.99, and whole numbers of heads and tails below 1,000",
    fits: ({ data: { heads, tails }, params: { theta, weights, shares } }) =>
      theta.length === 2 && theta.every((t) => t >= 0.01 && t <= 0.99) && EM.counted(heads, tails) && heads.every((h, i) => h + tails[i]) &&
      EM.weighty(weights) && Math.min(...weights) > 0 && Math.min(...shares) >= 0 && Math.max(...shares) <= 1,
    share: (s) => EM.coins.eStep(s.data, s.params),
    estimate: (s) => at(s, best(s)),
    tell(s) {
      const [t, b] = s.params.theta, here = `θA ${num(t, 5)}`, rest = ` (θB ${num(b, 3)}).`;
      return (!s.fresh ? `${here}: the bound lies ${num(height(s, t) - below(s, t), 3)} lower`
        : `They touch at ${here}${s.settled ? ", the top of both" : `; the bound's top is at ${num(best(s), 5)}`}`) + rest;
    },

    build(play) {
      const svg = make("svg", {}, play.stage), lines = make("g", { class: "lines" }, svg);
      // Below the buttons: these should be in sight with the curve, on a phone, too.
      const rest = make("div", { class: "bound" });
      play.stage.parentNode.lastChild.before(rest);
      const chord = make("svg", { class: "lines", "aria-hidden": true }, rest);
      const words = make("p", {}, rest), rows = make("div", { class: "rows" }, rest);
      let chosen = 0, base, known, heights, high, deep, curve;
      const sx = (t) => 8 + t * (play.width - 16);
      const sy = (v) => Math.min(base, TOP + ((high - v) / deep) * (base - TOP));
      const point = play.handle(svg, 0, "θA", {
        at: (s) => [sx(s.params.theta[0]), 0],
        move: (s, x) => coin(s, 0, (x - 8) / (play.width - 16)),
        nudge: (s, dx, dy) => coin(s, 0, s.params.theta[0] + (dx + dy) / 100),
      });
      function slider(i) {
        const row = make("label", { class: "row" });
        make("span", {}, row);
        make("input", {
          type: "range", min: 0, max: 1, step: 0.01, "aria-label": `A's share of row ${i + 1}`,
          oninput: ({ target }) => play.edit({ params: { shares: put(shares(play.state), i, +target.value) } }, target),
          onfocus() {
            chosen = i;
            play.ask();
          },
        }, row);
        make("span", {}, row);
        return row;
      }

      return function draw(s) {
        const { heads, tails } = s.data, [t] = s.params.theta, { width } = play, now = shares(s);
        const { heads: [h], flips: [n] } = EM.coins.credited(s.data, both(s));
        // Along θA the bound is that of h heads in n flips of coin A, and what B has stays.
        const here = height(s, t), bound = below(s, t), peak = n ? h / n : t;
        const along = (u) => bound + h * Math.log(u / t) + (n - h) * Math.log((1 - u) / (1 - t));
        const spot = (u, v) => [sx(u), sy(v)], asked = `${[heads, tails, s.params.theta[1], width]}`;
        base = Math.min(width * 0.6, play.height * 0.72);
        EM.size(svg, width, base + 30);
        if (asked !== known) {
          known = asked; // the curve of the likelihood stays while A is dragged
          heights = GRID.map((v) => height(s, v));
          high = Math.max(...heights);
          deep = 1.8 * (high - Math.min(...heights));
          curve = joined(GRID.map((u, i) => spot(u, heights[i])));
        }
        const top = spot(peak, below(s, peak));
        const slope = GRID.map((u) => spot(u, along(u))).filter(([, y]) => y < base);
        paint(lines, [
          ["", `M${sx(0)} ${base}H${sx(1)}`], ["", curve],
          ["low", joined(slope)], ["low dot", dots(slope[0] ? [top] : [])], ["gap", joined([spot(t, here), spot(t, bound)])],
        ], [
          ["log-likelihood", [sx(0.86), sy(heights[64]) - 14]], ["bound", [top[0], Math.min(top[1] + 24, base - 8)], "low"],
          ...[0, 0.25, 0.5, 0.75, 1].map((u) => [u === 0.5 ? "θA" : u, [sx(u), base + 22], "soft"]),
        ]);
        set(point, { transform: `translate(${spot(t, here)})`, "aria-valuenow": t.toFixed(3) });

        // One row: log of a mean, and the mean of logs, in units of the row's probability.
        chosen = Math.min(chosen, heads.length - 1);
        const r = both(s)[chosen], odds = EM.coins.eStep(s.data, s.params).responsibilities[chosen].map((p, k) => p / r[k]);
        const loss = -EM.sum(r.map((q, k) => (q ? q * Math.log(odds[k]) : 0))), wide = Math.min(340, width);
        const on = (u, v = Math.log(u)) => [12 + (u / 3) * (wide - 24), 64 - (v * 100) / Math.max(1.8, loss)];
        const ends = r[0] * r[1] ? odds.map((u) => on(u)) : [];
        EM.size(chord, wide, 180);
        paint(chord, [
          ["", joined(GRID.map((u) => on(3 * u)))], ["low", joined(ends)], ["low dot", dots(ends)],
          ["gap", joined([on(1), on(1, -loss)])], ["dot", dots([on(1), on(1, -loss)])],
        ], [["log of the mean", [on(1)[0] - 48, on(1)[1] - 12]], ["mean of the logs", [on(1)[0] + 70, on(1, -loss)[1] + 20], "low"]]);
        set(words, { text: `Row ${chosen + 1}: the mean of the logs lies ${num(loss, 3)} below the log of the mean. ` +
          `All rows together: ${num(here - bound, 3)}, the gap in the large picture.` });
        EM.sync(rows, heads.length, slider).forEach((row, i) => {
          set(row, { class: i === chosen ? "row chosen" : "row" });
          set(row.firstChild, { text: `${heads[i]} H ${tails[i]} T` });
          EM.fill(row.children[1], now[i]);
          set(row.lastChild, { text: `A ${num(now[i])}` });
        });
      };
    },
  };
}
