// Groups in the plane: a mixture of one to six normals, and k-means beside it.
"use strict";
{
  const { make, set, sync, num, put, clamp, shares, NAMES, LETTERS } = EM;
  const LEFT = 34, FOOT = 30, TURN = Array.from({ length: 49 }, (_, i) => (i * Math.PI) / 24);
  const TYPES = ["full", "tied", "diagonal", "spherical"];
  const pair = ([x, y], digits = 2) => `(${num(x, digits)}, ${num(y, digits)})`;
  const whole = ({ data: { x }, options: { type } }) => EM.gaussians.mStep(x, x.map(() => [1]), { shape: type }).covariances[0];
  const scaled = (covariance, by) => covariance.map((row) => row.map((v) => v * by));

  // What is shown of each axis, and a thousandth of it, as a round number.
  const span = ({ frame }) => frame.map(([low, high]) => [low, high, 10 ** Math.floor(Math.log10(high - low)) / 1000]);
  const round = (s, spot) => span(s).map(([low, high, grain], d) =>
    clamp(+(Math.round(spot[d] / grain) * grain).toPrecision(12), low, high));
  const placed = (s, k, spot) => ({ params: { means: put(s.params.means, k, round(s, spot)) } });
  // A group made wider or narrower, its shape kept: the standard deviation across is `std`.
  function sized(s, k, std) {
    const { covariances } = s.params, [[low, high, grain]] = span(s);
    return { params: { covariances: put(covariances, k,
      scaled(covariances[k], clamp(std, 5 * grain, high - low) ** 2 / covariances[k][0][0])) } };
  }
  // As many groups as asked for, on points from left to right, of one size.
  function groups(s, k) {
    const sorted = [...s.data.x].sort((a, b) => a[0] - b[0] || a[1] - b[1]), each = Array(k).fill(1 / k);
    return { params: {
      means: each.map((_, j) => sorted[Math.floor(((j + 0.5) * sorted.length) / k)]),
      covariances: each.map(() => scaled(whole(s), 1 / k)), weights: each,
    } };
  }

  // k-means from the same start, as many steps as EM took; until a centre has no points.
  let origin, path;
  function kmeans({ data: { x }, start, past }) {
    if (origin !== start) path = [start.means];
    origin = start;
    try {
      while (path.length <= past.length) path.push(EM.kmeans.mStep(x, EM.kmeans.eStep(x, path.at(-1)).responsibilities));
    } catch {}
    return path.slice(0, past.length + 1);
  }

  EM.views.scatter = {
    label: "Points in a plane",
    data: {
      x: [[1.6, 52], [1.75, 47], [1.75, 47], [1.75, 62], [1.8, 51], [1.8, 54], [1.83, 54], [1.95, 51], [1.97, 55], [2.17, 52],
        [2.28, 62], [2.88, 55], [3.07, 69], [3.33, 74], [3.45, 78], [3.6, 79], [3.6, 83], [3.6, 85], [3.85, 78], [3.92, 84],
        [4.08, 76], [4.2, 78], [4.25, 79], [4.35, 85], [4.43, 79], [4.53, 74], [4.53, 85], [4.7, 83], [4.7, 88], [4.8, 84]],
    },
    params: { means: [[3, 60], [3, 80]], covariances: [[[1, 0], [0, 64]], [[1, 0], [0, 64]]], weights: [0.5, 0.5] },
    options: {
      groups: {
        label: "Groups", choices: { 1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six" },
        get: (s) => s.params.means.length, set: (s, k) => groups(s, +k),
      },
      type: { label: "Covariance", choices: Object.fromEntries(TYPES.map((type) => [type, type])) },
      shares,
      beside: { label: "k-means", choices: { no: "hidden", yes: "beside it" } },
    },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: EM.map(s.params, (v) => v.map(() => v[0])) }),
        "One far off": (s) => placed(s, s.params.means.length - 1, [1e9, -1e9]),
        "One needle": (s) => {
          const k = s.params.means.length - 1;
          return { params: { ...placed(s, k, s.data.x[0]).params, ...sized(s, k, 0).params } };
        },
      },
    },
    fields: (s) => s.params.means.flatMap((mean, k) => ["across", "up"].map((word, d) =>
      [`${NAMES[k]} ${word}`, +mean[d].toFixed(4), (v) => ({ params: { means: put(s.params.means, k, put(mean, d, v)) } })])),
    frame: EM.frame(0.12),
    takes: "3 to 1,000 points in two columns, and 1 to 6 groups with covariances that are not flat",
    fits: ({ data: { x }, params: { means, covariances, weights } }) =>
      x.length > 2 && [...x, ...means].every((point) => point.length === 2) && means.length < 7 && EM.weighty(weights) &&
      covariances.every((rows) => `${rows.map((row) => row.length)}` === "2,2" && rows.length === 2) &&
      covariances.every(([[a, b], [c, d]]) => b === c && a > 1e-18 && a * d - b * b > 1e-12 * a * d),
    share: (s) => EM.gaussians.eStep(s.data.x, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.gaussians.mStep(s.data.x, s.shared.responsibilities, { shape: s.options.type }),
    collapse: ({ component, message }) => component === undefined ? message
      : `Group ${NAMES[component]} ${message}: ${/data/.test(message) ? "there is nothing to take a mean of. Start it nearer, or use fewer groups."
        : "the flatter it gets, the higher the likelihood, without end. Use fewer groups or a plainer covariance, or start elsewhere."}`,
    tell(s) {
      const { means, weights } = s.params, { x } = s.data;
      return s.fresh
        ? `The groups stay${s.past[0] ? `; BIC ${num(EM.gaussians.bic(s.shared.logLikelihood, means.length, x.length, s.options.type))}` : ""}.`
        : `${means.map((mean, k) => `${NAMES[k]} ${pair(mean)}, weight ${num(weights[k], 3)}`).join("; ")}.`;
    },

    build(play) {
      const svg = make("svg", {}, play.stage);
      const [ghosts, curves, axis, dots, handles, crosses, tip] = ["ghosts", "curves", "axis", "dots", "", "crosses", "tip"]
        .map((name) => make("g", { class: name }, svg));
      const lines = [0, 1].map(() => make("line", {}, axis)), ticks = [0, 1].map(() => make("g", {}, axis));
      const words = make("p", {}, play.stage);
      let low, unit, tall, radius, at, known, held, wide;
      const place = ([x, y]) => [LEFT + (x - low[0]) * unit[0], tall - FOOT - (y - low[1]) * unit[1]];
      const back = (x, y) => [low[0] + (x - LEFT) / unit[0], low[1] + (tall - FOOT - y) / unit[1]];
      const cloud = EM.cloud(play, svg, dots, tip, (x, y) => round(play.state, back(x, y)), pair);

      function layout(s) {
        const { width } = play, ends = span(s);
        tall = clamp(width * 0.6, 260, play.height);
        radius = clamp(width / 170, 3, 4.6);
        low = ends.map(([from]) => from);
        unit = ends.map(([from, to], d) => [width - LEFT, tall - FOOT][d] / (to - from));
        at = s.data.x.map(place);
        EM.size(svg, width, tall);
        set(lines[0], { x1: LEFT, x2: width, y1: tall - FOOT, y2: tall - FOOT });
        set(lines[1], { x1: LEFT, x2: LEFT, y1: 0, y2: tall - FOOT });
        ends.forEach(([from, to], d) => {
          const marks = EM.ticks(from, to, d ? 5 : width / 90);
          sync(ticks[d], marks.length, () => make("text", {}, ticks[d])).forEach((text, i) => {
            const [x, y] = place(d ? [low[0], marks[i]] : [marks[i], low[1]]);
            set(text, { text: `${marks[i]}`.replace("-", "−"), x: d ? LEFT - 17 : x, y: d ? y + 5 : y + 21 });
          });
        });
      }
      // Two standard deviations around the mean; with Σ = L Lᵀ, L times a circle.
      function ellipse({ means, covariances }, k) {
        const [m, n] = means[k], [[a, b], [, c]] = covariances[k], wide = 2 * Math.sqrt(a);
        const slant = (4 * b) / wide, high = 2 * Math.sqrt(c - (slant * slant) / 4);
        return TURN.map((t) => [m + wide * Math.cos(t), n + slant * Math.cos(t) + high * Math.sin(t)]);
      }
      const rings = (parent, each) => EM.paths(parent, each.map(([p, k]) => [LETTERS[k], `M${ellipse(p, k)
        .map((spot) => place(spot).map((v) => v.toFixed(1))).join("L")}z`]));

      // Even handles: the mean. Odd ones: where the ellipse is furthest to the right, its size.
      function spot(p, i) {
        const k = i >> 1, [x, y] = place(p.means[k]);
        if (i % 2 === 0) return [x, y];
        const [u, v] = place(ellipse(p, k)[0]);
        return [clamp(Math.max(u, x + 30), 0, play.width - 12), clamp(v, 12, tall - FOOT)];
      }
      function grip(i) {
        const k = i >> 1, std = (p) => Math.sqrt(p.covariances[k][0][0]);
        const node = play.handle(handles, k, `${i % 2 ? "Size" : "Mean"} of ${NAMES[k]}`, {
          at: (s) => spot(s.params, i),
          move: (s, x, y) => i % 2 ? sized(s, k, (back(x, y)[0] - s.params.means[k][0]) / 2) : placed(s, k, back(x, y)),
          nudge: (s, dx, dy) => i % 2 ? sized(s, k, std(s.params) * 1.05 ** (dx + dy))
            : placed(s, k, s.params.means[k].map((v, d) => v + ([dx, dy][d] * 6) / unit[d])),
          ...(i % 2 && { shape: "M-3-7L-10 0L-3 7zM3-7L10 0L3 7z" }),
        });
        if (i % 2 === 0) set(node.lastChild, { text: NAMES[k] });
        return node;
      }

      return function draw(s) {
        const { params: p, data: { x } } = s;
        if (x !== known || s.frame !== held || play.width !== wide) layout(s);
        known = x;
        held = s.frame;
        wide = play.width;
        const each = p.means.map((_, k) => [p, k]);
        rings(ghosts, EM.ghosts(s).slice(-3).flatMap((q) => each.map(([, k]) => [q, k])));
        rings(curves, each);
        cloud(s, at, radius);
        sync(handles, 2 * each.length, grip).forEach((node, i) => {
          const k = i >> 1;
          set(node, { transform: `translate(${spot(p, i)})`, "aria-valuetext": i % 2
            ? `standard deviations ${[0, 1].map((d) => num(Math.sqrt(p.covariances[k][d][d]))).join(", ")}` : pair(p.means[k]) });
        });

        const beside = s.options.beside === "yes", way = beside ? kmeans(s) : [];
        EM.paths(crosses, beside ? way[0].map((_, k) => {
          const spots = way.map((means) => place(means[k])), [u, v] = spots.at(-1);
          return [LETTERS[k], `M${spots.join("L")}M${u - 8} ${v - 8}l16 16m0-16l-16 16`];
        }) : []);
        const owners = beside && EM.kmeans.eStep(x, way.at(-1)).responsibilities.map((row) => row.indexOf(1));
        const other = s.fresh && beside && s.shared.responsibilities.filter((row, i) => row.indexOf(Math.max(...row)) !== owners[i]).length;
        set(words, { hidden: !beside && "", text: beside && `k-means (crosses) from the same start, step ${way.length - 1}: ${way.at(-1)
          .map((mean, k) => `${NAMES[k]} ${pair(mean)}`).join("; ")}.${s.fresh ? ` Points in another group: ${other}.` : ""}` });
      };
    },
  };
}
