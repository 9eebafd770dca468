// Envelopes: ten points in each of four. Each reports three sums a bell; totals move the bells.
"use strict";
{
  const { make, set, sync, num, sum, put, clamp, NAMES, LETTERS } = EM;
  const ALL = [0, 1, 2, 3], BASE = 120, LANE = 46;
  const moved = (s, k, v) => ({ params: { means: put(s.params.means, k, clamp(+v.toFixed(2), -2, 13)) } });
  // What envelope e reports: for each bell Σ r, Σ r x, Σ r x².
  const report = ({ data: { x }, params, shared }, e) => params.means.map((_, k) => [0, 1, 2].map((power) =>
    sum(x.map((v, i) => (i % 4 === e ? shared.responsibilities[i][k] * v ** power : 0)))));
  const totals = (s) => ALL.map((e) => report(s, e)).reduce((one, two) => one.map((v, k) => v.map((n, j) => n + two[k][j])));
  const words = (sums) => sums.map(([n, first, second], k) =>
    `${NAMES[k]} ${num(n)}, ${num(first, 1)}, ${num(second, 1)}`).join("; ");

  EM.views.envelopes = {
    label: "Two bells over four envelopes",
    data: {
      x: [3.26, 2.36, 4.12, 1.76, 3.93, 3.92, 3.1, 3.35, 2.31, 3.02, 1.79, 2.35, 2.82, 0.9, 3.04, 2.7, 2.87, 2.4, 3.86, 2.41,
        4.06, 10.59, 3.68, 6.88, 7.49, 10.16, 10.13, 4.51, 8.08, 5.31, 7.21, 6.04, 5.7, 5.47, 10.13, 5.52, 7.42, 7.31, 5.63, 8.13],
    },
    params: { means: [1.1, 9], stds: [2, 1.7], weights: [0.5, 0.5] },
    options: {},
    takes: "two bells with widths above 0.001",
    fits: ({ params: { means, stds, weights } }) =>
      means.length === 2 && Math.max(...means.map(Math.abs)) <= 1e3 && Math.min(...stds) >= 1e-3 && EM.weighty(weights),
    share: (s) => EM.normals.eStep(s.data.x, s.params),
    estimate: (s) => EM.normals.mStep(s.data.x, s.shared.responsibilities, { weights: s.params.weights }),
    collapse: ({ component, message }) => component === undefined ? message : `Bell ${NAMES[component]} ${message}. Start it nearer to the points, or start again.`,
    tell(s) {
      const { means, stds } = s.params;
      if (s.fresh) return `The bells stay; totals ${words(totals(s))}.`;
      return means.map((mean, k) => `${NAMES[k]}: mean ${num(mean)}, width ${num(stds[k])}`).join("; ") + ".";
    },
    build(play) {
      const svg = make("svg", {}, play.stage);
      const [curves, axis, dots, handles] = ["curves", "axis", "dots", ""].map((name) => make("g", { class: name }, svg));
      const sx = (v) => ((v + 3) / 17) * play.width, back = (p) => (p / play.width) * 17 - 3;
      const y = (e) => BASE + 22 + e * LANE;
      const height = (p, k, v) => BASE - 300 * p.weights[k] * EM.normals.density(v, p.means[k], p.stds[k]);
      const rules = ALL.map(() => make("line", { x1: 0 }, axis));
      const texts = [...ALL, 4].map((e) => make("text", { x: 0, y: y(e) + 24, style: "text-anchor:start" }, axis));
      const top = ({ params: p }, k) => [sx(p.means[k]), Math.max(28, height(p, k, p.means[k]))];
      const grip = (k) => play.handle(handles, k, `Mean of ${NAMES[k]}`, {
        at: (s) => top(s, k),
        move: (s, x) => moved(s, k, back(x)),
        nudge: (s, dx, dy) => moved(s, k, s.params.means[k] + (dx + dy) / 10),
      });
      return function draw(s) {
        const { data: { x }, params: p, shared } = s;
        EM.size(svg, play.width, y(4) + 32);
        rules.forEach((line, e) => set(line, { x2: play.width, y1: y(e), y2: y(e) }));
        texts.forEach((text, e) => set(text, {
          text: shared ? `${ALL[e] + 1 || "Σ"}: ${words(e < 4 ? report(s, e) : totals(s))}` : e < 4 ? `Envelope ${e + 1}` : "",
        }));
        sync(curves, 2, () => make("path", {}, curves)).forEach((path, k) => set(path, {
          class: LETTERS[k],
          d: "M" + Array.from({ length: 171 }, (_, i) =>
            `${sx(i / 10 - 3).toFixed(1)} ${height(p, k, i / 10 - 3).toFixed(1)}`).join("L"),
        }));
        EM.points(dots, x.map((v, i) => [sx(v), y(i % 4)]), s, 5);
        sync(handles, 2, grip).forEach((node, k) => {
          set(node, { transform: `translate(${top(s, k)})`, "aria-valuenow": p.means[k].toFixed(2) });
          set(node.lastChild, { text: NAMES[k] });
        });
      };
    },
  };
}
