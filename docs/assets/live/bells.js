// Bells over points on a line: a mixture of one to four normals.
"use strict";
{
  const { make, set, sync, num, put, clamp, shares, mixing, NAMES, LETTERS } = EM;
  const EDGE = 22, TOP = 28; // pixels: left and right of the axis, above the highest bell
  const sorted = (x) => [...x].sort((a, b) => a - b);
  const spread = (x) => EM.normals.mStep(x, x.map(() => [1])).stds[0];
  const peak = ({ stds, weights }, k) => weights[k] / stds[k] / Math.sqrt(2 * Math.PI);
  const split = (s) => s.shared.responsibilities.filter((row) => Math.max(...row) < 0.95).length;

  // The part of the line that is shown, and a thousandth of it, as a round number.
  const span = ({ frame: [[low, high]] }) => [low, high, 10 ** Math.floor(Math.log10(high - low)) / 1000];
  const round = (s, v) => +(Math.round(v / span(s)[2]) * span(s)[2]).toPrecision(12);

  // A mean (or a width) put by hand, within what can be seen.
  const placed = (s, name, k, v) => {
    const [low, high, grain] = span(s);
    const value = name === "means" ? clamp(v, low, high) : clamp(v, 5 * grain, high - low);
    return { params: { [name]: put(s.params[name], k, round(s, value)) } };
  };
  // As many bells as asked for, evenly over the points, of one width.
  const bells = (s, k) => {
    const x = sorted(s.data.x), each = Array(k).fill(1 / k);
    const means = each.map((_, j) => round(s, x[Math.floor(((j + 0.5) * x.length) / k)]));
    return { params: { means, stds: each.map(() => round(s, spread(x) / Math.sqrt(k))), weights: each } };
  };

  EM.views.bells = {
    label: "Bells over points",
    data: {
      x: [3.26, 2.36, 4.12, 1.76, 3.93, 3.92, 3.1, 3.35, 2.31, 3.02, 1.79, 2.35, 2.82, 0.9, 3.04, 2.7, 2.87, 2.4, 3.86, 2.41,
        4.06, 10.59, 3.68, 6.88, 7.49, 10.16, 10.13, 4.51, 8.08, 5.31, 7.21, 6.04, 5.7, 5.47, 10.13, 5.52, 7.42, 7.31, 5.63, 8.13],
    },
    params: { means: [1.1, 9], stds: [2, 1.7], weights: [0.5, 0.5] },
    options: {
      bells: {
        label: "Bells", choices: { 1: "one", 2: "two", 3: "three", 4: "four" },
        get: (s) => s.params.means.length, set: (s, k) => bells(s, +k),
      },
      shares, mixing,
      floor: { label: "Least width", choices: { 0: "none", 0.1: "0.1", 0.3: "0.3" } },
    },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: EM.map(s.params, (v) => v.map(() => v[0])) }),
        "One far off": (s) => placed(s, "means", s.params.means.length - 1, 1e9),
        // On the loneliest point, and a sixth as wide as its neighbour is away.
        "One needle": (s) => {
          const { means, stds } = s.params, k = means.length - 1, x = sorted(s.data.x);
          const gaps = x.map((v, i) => Math.min(v - (x[i - 1] ?? -1e9), (x[i + 1] ?? 1e9) - v));
          const gap = Math.max(...gaps);
          return { params: { means: put(means, k, x[gaps.indexOf(gap)]), stds: put(stds, k, gap / 6) } };
        },
      },
    },
    fields: (s) => [
      ...s.params.means.flatMap((mean, k) => [
        [`Mean of ${NAMES[k]}`, +mean.toFixed(4), (v) => ({ params: { means: put(s.params.means, k, v) } })],
        [`Width of ${NAMES[k]}`, +s.params.stds[k].toFixed(4), (v) => ({ params: { stds: put(s.params.stds, k, v) } }), 0.001],
      ]),
      ["Add a point", "", (v) => ({ data: { x: [...s.data.x, v] }, said: `A point added at ${num(v)}.` })],
    ],
    frame: EM.frame(0.25),
    takes: "2 to 1,000 points, and 1 to 4 bells with widths above 0",
    fits: ({ data: { x }, params: { means, stds, weights } }) =>
      x.length > 1 && means.length < 5 && Math.min(...stds) >= 1e-9 && EM.weighty(weights),
    share: (s) => EM.normals.eStep(s.data.x, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.normals.mStep(s.data.x, s.shared.responsibilities,
      { floor: +s.options.floor, weights: s.options.mixing === "held" ? s.params.weights : null }),
    collapse: ({ component, message }) => component === undefined ? message : `Bell ${NAMES[component]} ${message}: ${/data/.test(message)
      ? "there is nothing to take a mean of. Start it nearer, or use fewer bells."
      : "the narrower it gets, the higher the likelihood, without end. Give widths a floor, or start elsewhere."}`,
    tell(s) {
      // Rounded so that they sum to 1, as what their rounded sums differ by.
      let sum = 0, before = 0;
      const parts = s.params.weights.map((v) => -before + (before = +(sum += v).toFixed(2)));
      const { means, stds } = s.params, alone = (k) => new Set(s.data.x.filter((_, i) => s.shared.responsibilities[i][k] > 0.5)).size < 2;
      const thin = s.fresh ? stds.findIndex((v, k) => v < spread(s.data.x) / 99 && alone(k)) : -1;
      return (s.fresh && !s.settled ? `The bells stay. ${split(s)} of the ${s.data.x.length} points are undecided: no share above 0.95.`
        : `${means.map((mean, k) => `${NAMES[k]}: mean ${num(mean)}, width ${num(stds[k])}` +
          (s.options.mixing === "free" ? `, weight ${num(parts[k])}` : "")).join("; ")}.`) +
        (s.fresh && thin >= 0 ? ` ${NAMES[thin]} is a needle of width ${stds[thin].toPrecision(2)}: the likelihood runs off.` : "");
    },

    build(play) {
      const svg = make("svg", {}, play.stage);
      const [ghosts, curves, axis, dots, handles, tip] = ["ghosts", "curves", "axis", "dots", "", "tip"]
        .map((name) => make("g", { class: name }, svg));
      const line = make("line", {}, axis), ticks = make("g", {}, axis);
      let low, high, base, radius, sy, at = [], known = "";
      const sx = (v) => EDGE + ((v - low) / (high - low)) * (play.width - 2 * EDGE);
      const back = (p) => low + ((p - EDGE) / (play.width - 2 * EDGE)) * (high - low);
      const cloud = EM.cloud(play, svg, dots, tip, (x) => clamp(round(play.state, back(x)), low, high), num);

      // Each point lies on the axis, or on those that lie there already.
      function stack(x) {
        const ends = [], d = 2 * radius;
        for (const i of x.map((_, i) => i).sort((i, j) => x[i] - x[j])) {
          const left = sx(x[i]);
          let level = 0;
          while (ends[level] > left) level++;
          ends[level] = left + d;
          at[i] = [left, base - radius - 2 - level * d];
        }
        at.length = x.length;
      }
      function layout(s) {
        const { width } = play, tall = clamp(width * 0.42, 230, play.height);
        [low, high] = span(s);
        base = tall - 32;
        radius = clamp(width / 130, 3.6, 6.5);
        EM.size(svg, width, tall);
        set(line, { x1: 0, x2: width, y1: base, y2: base });
        const marks = EM.ticks(low, high, width / 70);
        sync(ticks, marks.length, () => make("text", {}, ticks)).forEach((text, i) =>
          set(text, { x: sx(marks[i]), y: base + 22, text: `${marks[i]}`.replace("-", "−") }));
        stack(s.data.x);
      }

      const curve = (p, k) => {
        const path = [];
        for (let z = -4; z <= 4; z += 0.0625)
          path.push(`${sx(p.means[k] + z * p.stds[k]).toFixed(1)} ${sy(peak(p, k) * Math.exp(-z * z / 2)).toFixed(1)}`);
        return `M${path.join("L")}`;
      };
      const lines = (parent, each) => EM.paths(parent, each.map(([p, k]) => [LETTERS[k], curve(p, k)]));

      // Even handles: the top of a bell, its mean. Odd ones: its flank, its width.
      function place({ params: p }, i) {
        const k = i >> 1, x = sx(p.means[k]), y = peak(p, k);
        return i % 2
          ? [clamp(Math.max(sx(p.means[k] + p.stds[k]), x + 28), 0, play.width - 12), clamp(sy(0.6 * y), TOP + 28, base - 10)]
          : [clamp(x, 0, play.width), Math.max(TOP, sy(y))];
      }
      function grip(i) {
        const k = i >> 1, name = i % 2 ? "stds" : "means";
        const node = play.handle(handles, k, `${i % 2 ? "Width" : "Mean"} of ${NAMES[k]}`, {
          at: (s) => place(s, i),
          move: (s, x) => placed(s, name, k, back(x) - (i % 2 ? s.params.means[k] : 0)),
          nudge: (s, dx, dy) => placed(s, name, k, s.params[name][k] + ((dx + dy) * (high - low)) / (i % 2 ? 150 : 75)),
          ...(i % 2 && { shape: "M-3-7L-10 0L-3 7zM3-7L10 0L3 7z" }),
        });
        if (i % 2 === 0) set(node.lastChild, { text: NAMES[k] });
        return node;
      }

      return function draw(s) {
        const { data: { x }, params: p } = s, now = [x, s.frame, play.width].join();
        if (now !== known) layout(s);
        known = now;
        // High enough for every bell so far, within reason: a needle leaves through the top.
        const usual = 0.5 / spread(x), each = p.means.map((_, k) => [p, k]);
        const most = clamp(Math.max(...[...s.past, p].flatMap((q) => q.means.map((_, k) => peak(q, k)))), usual, 3 * usual);
        sy = (v) => Math.max(-50, base - (v / most) * (base - TOP));
        lines(ghosts, EM.ghosts(s).flatMap((q) => each.map(([, k]) => [q, k])));
        lines(curves, each);

        cloud(s, at, radius);
        sync(handles, 2 * each.length, grip).forEach((node, i) => {
          const value = (i % 2 ? p.stds : p.means)[i >> 1];
          set(node, { transform: `translate(${place(s, i)})`, "aria-valuenow": +value.toPrecision(4) });
        });
      };
    },
  };
}
