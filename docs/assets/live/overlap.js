// Overlap: how far two bells are apart decides how fast EM is, and how sure its answer.
"use strict";
{
  const { make, set, num, clamp, normals } = EM;
  // Twenty quantiles of a bell of width 1, around each of two centres.
  const Z = [0.063, 0.189, 0.319, 0.454, 0.598, 0.755, 0.935, 1.15, 1.44, 1.96].flatMap((z) => [-z, z]);
  const points = ({ data: { apart: [d] } }) => Z.flatMap((z) => [z - d / 2, z + d / 2]);
  const moved = (s, d) => ({ data: { apart: [+clamp(d, 1, 6).toFixed(2)] }, params: s.start });
  const estimate = (x, p, { responsibilities }) => {
    const each = EM.columns(responsibilities), sizes = each.map(EM.sum);
    return { means: each.map((r, k) => EM.dot(r, x) / sizes[k]), stds: p.stds, weights: sizes.map((n) => n / x.length) };
  };

  // Steps to the limit; there, complete and missing information (two means, log-odds): the
  // part of an error that a step leaves, and the standard error of A's mean, by iteration.
  let key, known;
  function measure(s) {
    if (key === s.data.apart[0]) return known;
    const x = points(s), n = x.length;
    let p = s.start, steps = 0, far = 1, rate, slow = [1, 0, 0], sure = slow;
    while (far > 1e-6) {
      const q = estimate(x, p, normals.eStep(x, p));
      far = Math.max(...q.means.map((m, k) => Math.abs(m - p.means[k])));
      p = q;
      steps++;
    }
    const r = normals.eStep(x, p).responsibilities, [a, b] = p.weights, [m, l] = p.means;
    // What the hidden labels cost, and what they would tell.
    const away = x.map((u) => [u - m, l - u, 1]), complete = [n * a, n * b, n * a * b];
    const lost = complete.map((_, j) => complete.map((_, k) => EM.sum(away.map((d, i) => r[i][0] * r[i][1] * d[j] * d[k]))));
    const step = (v, e) => lost.map((row, j) => (e * !j + EM.dot(row, v)) / complete[j]);
    for (let i = steps + 200; i--;) {
      slow = step(slow, 0);
      rate = Math.hypot(...slow);
      slow = slow.map((v) => v / rate);
      sure = step(sure, 1);
    }
    key = s.data.apart[0];
    const error = Math.sqrt(sure[0]);
    return (known = [
      [`${steps} steps`, Math.log10(steps) / 3.5], [`${num(100 * rate, 1)}% of the information missing`, rate],
      [`standard error ${num(error, 3)}`, error],
    ]);
  }

  EM.views.overlap = {
    label: "Two bells that overlap",
    data: { apart: [3] },
    params: { means: [-1, 2], stds: [1, 1], weights: [0.6, 0.4] },
    options: {},
    fields: (s) => [["Apart", s.data.apart[0], (v) => moved(s, v), 1, 6]],
    // Starts from which EM gets to the two bells.
    takes: "two bells of width 1, 1 to 6 widths apart",
    fits: ({ data: { apart: [d] }, params: { means: [m, l], stds, weights } }) =>
      d >= 1 && d <= 6 && l - m >= 1 && Math.max(-m, l) <= 10 && stds.every((v) => v === 1) && EM.weighty(weights) && Math.min(...weights) >= 0.01,
    share: (s) => normals.eStep(points(s), s.params),
    estimate: (s) => estimate(points(s), s.params, s.shared),
    tell: (s) => `${num(s.data.apart[0])} widths apart, finished fit: ${measure(s).map(([text]) => text).join(", ")}.`,
    build(play) {
      const svg = make("svg", {}, play.stage), lines = make("g", { class: "lines" }, svg), dots = make("g", {}, svg);
      const hollow = make("path", {}, make("g", { class: "dots bare" }, svg)); // before they are shared out
      const sx = (v) => play.width * (0.5 + v / 11);
      const at = (s) => [sx(s.data.apart[0] / 2), 168];
      const grip = play.handle(svg, 1, "Distance of the bells", {
        at,
        move: (s, x) => moved(s, (x / play.width - 0.5) * 22),
        nudge: (s, dx, dy) => moved(s, s.data.apart[0] + (dx + dy) / 10),
      });
      return function draw(s) {
        const { means, weights } = s.params, nodes = EM.sync(lines, 8, (i) => make(i < 5 ? "path" : "text", {}, lines));
        EM.size(svg, play.width, 300);
        means.forEach((m, k) => set(nodes[k], {
          style: `stroke-width:2.6;stroke:var(--${EM.LETTERS[k]})`,
          d: `M${EM.ticks(-3, 3, 30).map((z) => [sx(m + z), 150 - 220 * weights[k] * Math.exp(-z * z / 2)]).join("L")}`,
        }));
        measure(s).forEach(([text, part], i) => {
          set(nodes[i + 2], { style: "stroke-width:10", d: `M9 ${214 + i * 38}h${part * (play.width - 18)}` });
          set(nodes[i + 5], { text, x: 9, y: 202 + i * 38, style: "text-anchor:start" });
        });
        const xs = points(s).map(sx);
        set(hollow, { d: s.shared ? "" : xs.map((x) => `M${x} 147a3.3 3.3 0 1 0 .1 0z`).join("") });
        EM.points(dots, s.shared ? xs.map((x) => [x, 150]) : [], s, 4);
        set(grip, { transform: `translate(${at(s)})`, "aria-valuenow": s.data.apart[0] });
      };
    },
  };
}
