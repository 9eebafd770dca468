// Bound: two coins along θA, the lower bound of the present shares, and Jensen's chord.
"use strict";
{
  const { make, set, num, put } = EM;
  const STEPS = 200, TOP = 24;
  const at = (s, t) => ({ ...s.params, theta: [t, s.params.theta[1]] });
  const held = (v) => +Math.min(0.99, Math.max(0.01, v)).toFixed(3);
  const coin = (s, k, v) => ({ params: { theta: put(s.params.theta, k, held(v)), shares: shares(s) } });
  // A's share of each row: of the last E-step, or set by hand.
  const shares = (s) => (s.shared ? s.shared.responsibilities.map(([r]) => r) : s.params.shares);
  const height = (s, t) => EM.coins.eStep(s.data, at(s, t)).logLikelihood;
  const below = (s, t) => EM.coins.bound(s.data, shares(s).map((r) => [r, 1 - r]), at(s, t));
  const best = (s) => EM.coins.mStep(s.data, shares(s).map((r) => [r, 1 - r])).theta[0];

  EM.views.bound = {
    label: "The log-likelihood of two coins over θA, and a lower bound",
    data: { heads: [21, 9, 10, 32, 7], tails: [7, 10, 17, 10, 13] },
    params: { theta: [0.25, 0.6], weights: [0.5, 0.5], shares: [0.3, 0.5, 0.6, 0.2, 0.5] },
    options: {},
    acts: {
      "Break it": {
        "All shares alike": (s) => ({ params: { shares: s.data.heads.map(() => 0.5) } }),
        "All to A": (s) => ({ params: { shares: s.data.heads.map(() => 1) } }),
      },
    },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${EM.NAMES[k]}`, +t.toFixed(5), (v) => coin(s, k, v), 0.01, 0.99]),
    fits: ({ data: { heads, tails }, params: { theta, weights, shares } }) =>
      heads.length > 0 && heads.length === tails.length && heads.length === shares.length &&
      Math.min(...heads, ...tails) >= 0 && theta.length === 2 && weights.length === 2 &&
      theta.every((t) => t > 0 && t < 1) && shares.every((r) => r >= 0 && r <= 1),
    share: (s) => EM.coins.eStep(s.data, s.params),
    estimate: (s) => at(s, best(s)),
    tell(s) {
      const [t] = s.params.theta, gap = height(s, t) - below(s, t), here = `θA ${num(t, 5)}`;
      if (!s.fresh)
        return `${here}: the bound is ${num(gap, 3)} below the log-likelihood${s.at ? ", which rose at least as much as the bound did" : ""}.`;
      return `At ${here} bound and log-likelihood touch${s.settled ? ", at the top of both" : `; the top of the bound is at ${num(best(s), 5)}`}.`;
    },

    build(play) {
      set(play.stage, { class: "stage bound" });
      const [svg, chord] = [0, 0].map(() => make("g", { class: "lines" }, make("svg", {}, play.stage)));
      const words = make("p", {}, play.stage), rows = make("div", { class: "rows" }, play.stage);
      const part = (parent, name) => make("path", { class: name }, parent), label = (parent, text = "") => make("text", { text }, parent);
      const frame = part(svg, "frame"), marks = make("g", { class: "axis" }, svg.parentNode), gap = part(svg, "gap");
      const curve = part(svg, ""), over = label(svg, "log-likelihood"), low = part(svg, "low"), under = label(svg, "bound"), top = part(svg, "low dot");
      const log = part(chord, ""), logged = label(chord, "log"), line = part(chord, "low"), lined = label(chord, "chord"), ends = part(chord, "low dot");
      const fall = part(chord, "gap"), mean = part(chord, "dot");
      let chosen = 0, base, high, floor;
      const sx = (t) => 8 + t * (play.width - 16);
      const sy = (v) => Math.min(1e4, TOP + ((high - v) / (high - floor)) * (base - TOP));
      const point = play.handle(svg.parentNode, 0, "θA", {
        at: (s) => [sx(s.params.theta[0]), sy(height(s, s.params.theta[0]))],
        move: (s, x) => coin(s, 0, (x - 8) / (play.width - 16)),
        nudge: (s, dx, dy) => coin(s, 0, s.params.theta[0] + (dx + dy) / 100),
      });
      function slider(i) {
        const row = make("label", { class: "row" });
        make("span", {}, row);
        set(make("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": `A's share of row ${i + 1}` }, row), {
          oninput: ({ target }) => play.edit({ params: { shares: put(shares(play.state), i, +target.value) } }, target),
          onfocus() {
            chosen = i;
            draw(play.state);
          },
        });
        make("span", { class: "to" }, row);
        return row;
      }

      function draw(s) {
        const { data: { heads, tails } } = s, now = shares(s), [t] = s.params.theta, { width } = play;
        base = Math.min(width * 0.6, play.height * 0.72);
        EM.size(svg.parentNode, width, base + 30);
        const grid = Array.from({ length: STEPS + 1 }, (_, i) => Math.min(0.999, Math.max(0.001, i / STEPS)));
        const heights = grid.map((v) => height(s, v)), most = Math.max(...heights), span = most - Math.min(...heights);
        high = most + 0.05 * span;
        floor = most - 1.6 * span;
        const path = (f) => `M${grid.map((v, i) => `${sx(v).toFixed(1)} ${sy(f(v, i)).toFixed(1)}`).join("L")}`;
        const here = height(s, t), under_ = below(s, t), peak = best(s);
        set(frame, { d: `M${sx(0)} ${base}H${sx(1)}` });
        EM.sync(marks, 5, () => make("text", {}, marks)).forEach((text, i) =>
          set(text, { x: sx(i / 4), y: base + 20, text: i === 2 ? "θA" : i / 4 }));
        set(curve, { d: path((_, i) => heights[i]) });
        set(low, { d: path((v) => below(s, v)), class: s.fresh ? "low slide" : "low" });
        set(gap, { d: `M${sx(t)} ${sy(here)}V${sy(under_)}` });
        set(top, { d: `M${sx(peak)} ${sy(below(s, peak))}h0` });
        set(over, { x: sx(0.86), y: sy(heights[172]) - 12 });
        set(under, { x: sx(peak), y: sy(below(s, peak)) + 24 });
        set(point, { transform: `translate(${sx(t)} ${sy(here)})`, "aria-valuenow": t.toFixed(3) });

        // One row: log of a mean, and the mean of logs, in units of the row's probability.
        chosen = Math.min(chosen, heads.length - 1);
        const r = now[chosen], [best_] = EM.coins.eStep(s.data, s.params).responsibilities[chosen];
        const wide = Math.min(330, width), x = (u) => 12 + (u / 3) * (wide - 24), y = (v) => 50 - 40 * v;
        const logs = [[best_, r], [1 - best_, 1 - r]].map(([p, q]) => [p / q, Math.log(p / q)]);
        const loss = EM.sum([r, 1 - r].map((q, k) => (q ? q * -logs[k][1] : 0)));
        EM.size(chord.parentNode, wide, 180);
        set(log, { d: `M${Array.from({ length: 60 }, (_, i) => (i + 1) / 20).map((u) => `${x(u)} ${y(Math.log(u))}`).join("L")}` });
        const seen = r > 0 && r < 1;
        set(line, { d: seen ? `M${logs.map(([u, v]) => `${x(u)} ${y(v)}`).join("L")}` : "" });
        set(ends, { d: seen ? logs.map(([u, v]) => `M${x(u)} ${y(v)}h0`).join("") : "" });
        set(fall, { d: `M${x(1)} ${y(0)}V${y(-loss)}` });
        set(mean, { d: `M${x(1)} ${y(0)}h0M${x(1)} ${y(-loss)}h0` });
        set(logged, { x: x(2.7), y: y(1) - 12 });
        set(lined, { x: x(1) + 40, y: y(-loss) + 18 });
        set(words, { text: `Row ${chosen + 1}: the mean of the logs lies ${num(loss, 3)} below the log of the mean. ` +
          `All rows: ${num(here - under_, 3)}, the gap above.` });
        EM.sync(rows, heads.length, slider).forEach((row, i) => {
          const [flips, input, to] = row.children;
          set(row, { class: i === chosen ? "row chosen" : "row" });
          set(flips, { text: `${heads[i]} H ${tails[i]} T` });
          EM.fill(input, now[i]);
          set(to, { text: `A ${num(now[i])}` });
        });
      }
      return draw;
    },
  };
}
