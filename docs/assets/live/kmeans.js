// k-means, and EM with circles of one width σ, which is held. At σ = 0 each point goes whole.
"use strict";
{
  const { make, set, sync, num, sum, put, clamp, NAMES, LETTERS } = EM;
  const EDGE = 24;
  const pair = (spot) => `(${spot.map((v) => num(v)).join(", ")})`;
  const width = (s) => s.data.sigma[0];
  const squares = ({ data: { x }, params: { means } }) =>
    sum(x.map((point) => Math.min(...means.map((mean) => (point[0] - mean[0]) ** 2 + (point[1] - mean[1]) ** 2))));
  const round = (s, spot) => s.frame.map((ends, d) => clamp(+spot[d].toFixed(2), ...ends));
  const placed = (s, k, spot) => ({ params: { means: put(s.params.means, k, round(s, spot)) } });
  // As many centres as asked for, on points from left to right.
  const centres = ({ data: { x } }, k) => {
    const sorted = [...x].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { params: { means: Array.from({ length: k }, (_, j) => sorted[Math.floor(((j + 0.5) * x.length) / k)]) } };
  };

  EM.views.kmeans = {
    label: "Points and centres",
    data: {
      x: [[0.3, 0.8], [0.3, -1.3], [0.9, 0.4], [-0.5, 0.6], [0.4, 0.3], [0, 0.5], [-0.7, -0.2], [-0.5, 0.6], [0, -0.3], [-0.8, -1.1],
        [4.4, 0.3], [5.5, -0.9], [3.1, 0.6], [4, -0.6], [4.9, -0.2], [3.4, -0.1], [4.2, 1.2], [3.5, 0.7], [4.6, 0.4], [4.1, -1.4],
        [2.1, 3.6], [1.5, 4.4], [2.9, 4.1], [1.1, 3.3], [2.4, 5.2], [2, 4.3], [3, 3.1], [1.7, 4.9], [2.6, 3.8], [0.8, 4.2]],
      sigma: [0],
    },
    params: { means: [[-1, 4], [0, 4], [1, 4]] },
    options: {
      centres: {
        label: "Centres", choices: { 1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six" },
        get: (s) => s.params.means.length, set: (s, k) => centres(s, +k),
      },
    },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: { means: s.params.means.map(() => s.params.means[0]) } }),
        "One far off": (s) => placed(s, s.params.means.length - 1, [1e9, -1e9]),
      },
    },
    fields: (s) => s.params.means.flatMap((mean, k) => ["across", "up"].map((word, d) =>
      [`${NAMES[k]} ${word}`, +mean[d].toFixed(4), (v) => ({ params: { means: put(s.params.means, k, put(mean, d, v)) } })])),
    frame: EM.frame(0.12),
    takes: "3 to 1,000 points, 1 to 6 centres, and a σ of 0 or above 0.01",
    fits: ({ data: { x, sigma: [v] }, params: { means } }) =>
      x.length > 2 && [...x, ...means].every((point) => point.length === 2) && means.length < 7 && (v === 0 || v >= 0.01),
    chart: (s) => width(s) ? "Log-likelihood" : "Minus the sum of squares",
    share(s) {
      const { x } = s.data, { means } = s.params, v = width(s) ** 2;
      if (!v) return { ...EM.kmeans.eStep(x, means), logLikelihood: -squares(s) };
      return EM.gaussians.eStep(x, { means, covariances: means.map(() => [[v, 0], [0, v]]), weights: means.map(() => 1 / means.length) });
    },
    estimate: (s) => ({ means: EM.kmeans.mStep(s.data.x, s.shared.responsibilities) }),
    collapse: ({ component, message }) => `Centre ${NAMES[component]} ${message}: there is nothing to take a mean of. Start it nearer, or use fewer.`,
    tell: (s) => s.fresh
      ? `No centre moved; given are ${EM.columns(s.shared.responsibilities).map((r, k) => `${num(sum(r), width(s) ? 1 : 0)} to ${NAMES[k]}`).join(", ")}.`
      : `${s.params.means.map((mean, k) => `${NAMES[k]} ${pair(mean)}`).join("; ")}.`,

    build(play) {
      const label = make("label", { class: "slide" }, play.stage), word = make("span", {}, label);
      const slider = make("input", {
        type: "range", min: 0, max: 3, step: 0.05, "aria-label": "Width σ, 0 is k-means",
        oninput: () => play.edit({ data: { sigma: [+slider.value] } }, slider),
      }, label);
      const svg = make("svg", {}, play.stage);
      const [rings, ghosts, dots, handles, tip] = ["curves", "crosses", "dots", "", "tip"].map((name) => make("g", { class: name }, svg));
      let low, unit, tall, radius, known, at;
      const place = ([x, y]) => [EDGE + (x - low[0]) * unit, tall - EDGE - (y - low[1]) * unit];
      const back = (x, y) => [low[0] + (x - EDGE) / unit, low[1] + (tall - EDGE - y) / unit];
      const cloud = EM.cloud(play, svg, dots, tip, (x, y) => round(play.state, back(x, y)), pair);
      const grip = (k) => {
        const node = play.handle(handles, k, `Centre ${NAMES[k]}`, {
          at: (s) => place(s.params.means[k]),
          move: (s, x, y) => placed(s, k, back(x, y)),
          nudge: (s, dx, dy) => placed(s, k, s.params.means[k].map((v, d) => v + ([dx, dy][d] * 6) / unit)),
        });
        set(node.lastChild, { text: NAMES[k] });
        return node;
      };
      return function draw(s) {
        const { data: { x }, params: { means } } = s, now = [x, s.frame, play.width].join();
        if (now !== known) {
          const ends = s.frame, [across, up] = ends.map(([from, to]) => to - from);
          // One unit for both axes: distances are what counts.
          unit = Math.min((play.width - 2 * EDGE) / across, (play.height - 2 * EDGE) / up);
          tall = up * unit + 2 * EDGE;
          low = [ends[0][0] - ((play.width - 2 * EDGE) / unit - across) / 2, ends[1][0]];
          radius = clamp(play.width / 140, 3.4, 5.4);
          at = x.map(place);
          EM.size(svg, play.width, tall);
        }
        known = now;
        const r = width(s) * unit;
        EM.paths(rings, r ? means.map((mean, k) => {
          const [u, v] = place(mean);
          return [LETTERS[k], `M${u - r} ${v}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`];
        }) : []);
        // The way that each centre has come.
        EM.paths(ghosts, means.map((_, k) => [LETTERS[k], `M${[...(s.before ? [s.before] : []), ...s.past, s.params]
          .map((p) => place(p.means[k])).join("L")}`]));
        cloud(s, at, radius);
        sync(handles, means.length, grip).forEach((node, k) =>
          set(node, { transform: `translate(${place(means[k])})`, "aria-valuetext": pair(means[k]) }));
        EM.fill(slider, width(s));
        set(word, { text: `σ ${num(width(s))}${width(s) ? "" : ": k-means"}` });
      };
    },
  };
}
