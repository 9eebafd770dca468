// Map: the log-likelihood of two coins over θA and θB, and two ways up.
"use strict";
{
  const { make, set, num } = EM;
  const GRID = 96, EDGE = 38, TOP = 10;
  const START = { heads: [21, 9, 10, 32, 7], tails: [7, 10, 17, 10, 13] };
  const DATA = {
    two: START,
    one: { heads: [5, 6, 5, 4, 5], tails: [5, 4, 5, 6, 5] },
    paper: { heads: [5, 9, 8, 4, 7], tails: [5, 1, 2, 6, 3] },
  };
  const theta = (...pair) => ({ params: { theta: pair.map((v) => +Math.min(0.99, Math.max(0.01, v)).toFixed(3)) } });
  const inside = (pair) => pair.every((t) => t > 0 && t < 1);
  const pair = (at) => `(${at.map((t) => num(t, 3)).join(", ")})`;
  const height = ({ data, params }, theta) => EM.coins.eStep(data, { ...params, theta }).logLikelihood;
  const step = (v) => (s) => ({ data: { step: [v] }, params: s.start });

  // Where the slope is 0: both peaks and the saddle, or the one peak.
  function stations({ data, params: { weights } }) {
    const rates = data.heads.map((h, i) => (h + 1) / (h + data.tails[i] + 2));
    const low = Math.min(...rates), high = Math.max(...rates);
    const [middle, ...tops] = [[0.5, 0.5], [low, high], [high, low]].map((theta) => {
      for (let i = 0; i < 1000; i++)
        ({ theta } = EM.coins.mStep(data, EM.coins.eStep(data, { theta, weights }).responsibilities));
      return { theta, name: `the ${theta[0] < theta[1] ? "upper left" : "lower right"} peak` };
    });
    const peaks = tops.filter(({ theta: [a, b] }) => Math.abs(a - b) > 0.01);
    return [{ theta: middle.theta, name: `the ${peaks.length ? "saddle" : "peak"}` }, ...peaks];
  }
  let known, found;
  function stationary(s) {
    const now = JSON.stringify([s.data, s.params.weights]);
    if (now !== known) found = stations(s);
    known = now;
    return found;
  }
  function where(s, theta) {
    const place = stationary(s).find((one) => one.theta.every((t, k) => Math.abs(t - theta[k]) < 0.01));
    return `${place ? `at ${place.name} ` : ""}${pair(theta)}, height ${num(height(s, theta), 3)}`;
  }

  // Gradient ascent: as many steps as EM took; to its end, when EM has settled.
  function ascend(s) {
    const settled = s.settled && s.fresh, path = [s.start.theta], [rate] = s.data.step;
    let turns = 0, before = [0, 0], flat;
    while (path.length <= (settled ? 1000 : s.past.length) && inside(path.at(-1))) {
      const slope = EM.coins.gradient(s.data, { ...s.params, theta: path.at(-1) });
      flat = Math.max(...slope.map(Math.abs)) < 0.01;
      if (flat) break;
      turns += EM.dot(slope, before) < 0;
      before = slope;
      path.push(path.at(-1).map((t, k) => t + rate * slope[k]));
    }
    const n = path.length - 1, end = path.at(-1), steps = `${n} step${n === 1 ? "" : "s"}`;
    const words = !inside(end) ? `left the square at step ${n}: ${pair(end)} are no chances`
      : `${flat ? "came to rest after" : settled ? "still not at rest after" : "after"} ${steps}: ${where(s, end)}`;
    return { path, words: `${words}.${turns ? ` It turned back ${turns} time${turns > 1 ? "s" : ""}: a zigzag.` : ""}` };
  }

  // Where the bound of the last E-step is as high as the point that it was made at.
  function loop({ data, shared, fresh, params, past }) {
    const { heads, flips } = EM.coins.credited(data, shared.responsibilities);
    const bound = (at) => EM.sum(at.map((t, k) => heads[k] * Math.log(t) + (flips[k] - heads[k]) * Math.log1p(-t)));
    const here = bound((fresh ? params : past.at(-1)).theta);
    return Array.from({ length: 72 }, (_, i) => {
      const ray = (r) => [Math.cos, Math.sin].map((f, k) => heads[k] / flips[k] + r * f((i * Math.PI) / 36));
      let near = 0, far = 2;
      for (let j = 0; j < 24; j++) {
        const half = (near + far) / 2;
        bound(ray(half)) > here ? (near = half) : (far = half);
      }
      return ray(near);
    });
  }

  // Heights on a grid, less the highest; row by row, θB upwards.
  function surface({ data, params: { weights } }) {
    const axis = Array.from({ length: GRID + 1 }, (_, i) => {
      const t = Math.min(0.998, Math.max(0.002, i / GRID));
      return EM.columns(EM.coins.logJoint(data, { theta: [t, t], weights }));
    });
    const rows = axis.map(([, b]) => axis.map(([a]) =>
      EM.sum(a.map((v, i) => Math.max(v, b[i]) + Math.log1p(Math.exp(-Math.abs(v - b[i])))))));
    const most = Math.max(...rows.flat());
    return rows.map((row) => row.map((v) => v - most));
  }
  // Marching squares: where each edge of a cell is crossed, joined two by two.
  function contour(z, level) {
    let path = "";
    for (let y = 0; y < GRID; y++)
      for (let x = 0; x < GRID; x++) {
        const ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]], cuts = [];
        for (let i = 0; i < 4; i++) {
          const [p, q] = ring.slice(i, i + 2), u = z[p[1]][p[0]] - level, v = z[q[1]][q[0]] - level;
          if (u > 0 !== v > 0) cuts.push(p.map((c, d) => (c + (u / (u - v)) * (q[d] - c)).toFixed(2)));
        }
        while (cuts.length) path += `M${cuts.pop()}L${cuts.pop()}`;
      }
    return path;
  }
  // Grey on any ground, the more the higher.
  function tint(z) {
    const canvas = make("canvas", { width: GRID + 1, height: GRID + 1 }), pen = canvas.getContext("2d");
    const image = pen.createImageData(GRID + 1, GRID + 1);
    [...z].reverse().flat().forEach((v, i) => image.data.set([132, 124, 108, 170 / (1 - v / 6)], 4 * i));
    pen.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }

  EM.views.map = {
    label: "The log-likelihood of two coins as a map",
    data: { ...START, step: [0.001] },
    params: { theta: [0.25, 0.35], weights: [0.5, 0.5] },
    options: {
      rows: {
        label: "Flips", choices: { two: "five rows, two peaks", one: "five rows alike, one peak", paper: "five rows of ten" },
        get: ({ data }) => Object.keys(DATA).find((name) => `${DATA[name].heads},${DATA[name].tails}` === `${data.heads},${data.tails}`) || "",
        set: (s, name) => ({ data: DATA[name], params: s.start }),
      },
    },
    acts: {
      "Break it": {
        "Both alike": () => theta(0.3, 0.3),
        "In a corner": () => theta(0.02, 0.01),
        "A long step": step(0.01),
      },
    },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${EM.NAMES[k]}`, +t.toFixed(5),
      (v) => theta(...EM.put(s.params.theta, k, v)), 0.01, 0.99]),
    fits: ({ data: { heads, tails, step }, params: { theta, weights } }) =>
      heads.length > 0 && heads.length === tails.length && Math.min(...heads, ...tails) >= 0 && step[0] > 0 &&
      theta.length === 2 && weights.length === 2 && inside(theta),
    share: (s) => EM.coins.eStep(s.data, s.params),
    estimate: (s) => EM.coins.mStep(s.data, s.shared.responsibilities, { weights: s.params.weights }),
    tell(s) {
      const { theta } = s.params, at = `θA ${num(theta[0], 5)}; θB ${num(theta[1], 5)}.`;
      if (s.settled && s.fresh) return `EM ends ${where(s, theta)}. Gradient ascent, step ${s.data.step[0]}, ${ascend(s).words}`;
      return s.fresh ? "Nothing moved; within the loop the bound is higher than here, and its top is where EM goes next."
        : s.at ? `${at} Gradient ascent ${ascend(s).words}` : at;
    },

    build(play) {
      set(play.stage, { class: "stage map" });
      const svg = make("svg", {}, play.stage), ways = make("div", { class: "ways" }, play.stage);
      const ground = make("g", {}, svg), image = make("image", { width: GRID + 1, height: GRID + 1, x: -0.5, y: -0.5 }, ground);
      const lines = make("path", { class: "contour" }, make("g", {}, ground));
      const part = (name) => make("path", { class: name }, svg);
      const frame = part("frame"), bound = part("loop"), slope = part("way slope"), slopes = part("way dot slope");
      const way = part("way"), dots = part("way dot"), axis = make("g", {}, svg), marks = make("g", { class: "marks" }, svg);
      const steps = ["EM", "Gradient ascent"].map((text, i) => {
        const p = make("p", {}, ways), key = EM.size(make("svg", { "aria-hidden": true }, p), 34, 12);
        make("path", { d: "M2 6h30", class: i ? "way slope" : "way" }, key);
        make("b", { text }, p);
        return make("span", {}, p);
      });
      const box = set(play.number("Step of gradient ascent", make("label", { text: "its step " }, ways),
        (v) => step(v)(play.state), 0.00001, 1), { step: "any" });
      let side = 0, shown, hold;
      const at = ([a, b]) => [EDGE + a * side, TOP + (1 - b) * side];
      const back = (x, y) => theta((x - EDGE) / side, 1 - (y - TOP) / side);
      const text = (words, name, x, y, parent = axis) => make("text", { text: words, class: name, x, y }, parent);

      // The point can be dragged, and put anywhere: by the mouse at once, by a finger with a tap.
      const point = play.handle(svg, 0, "The two coins: θA across, θB up", {
        at: (s) => hold || at(s.params.theta),
        move: (s, x, y) => back(x, y),
        nudge: ({ params: { theta: [a, b] } }, dx, dy) => theta(a + dx / 100, b + dy / 100),
      });
      set(point, { class: "handle point" });
      const local = (event) => {
        const { left, top } = svg.getBoundingClientRect();
        return [event.clientX - left, event.clientY - top];
      };
      set(svg, {
        onclick: (event) => play.edit(back(...local(event))),
        onpointerdown(event) {
          if (event.pointerType === "touch") return;
          hold = local(event);
          point.onpointerdown(event);
          hold = null;
          point.onpointermove(event);
        },
      });

      function layout(s) {
        side = Math.min(play.width - EDGE - 8, play.height - TOP - 26);
        EM.size(svg, side + EDGE + 8, side + TOP + 40);
        set(frame, { d: `M${at([0, 1])}V${at([0, 0])[1]}H${at([1, 0])[0]}` });
        axis.replaceChildren();
        for (const t of [0, 0.25, 0.5, 0.75, 1]) {
          const [x, y] = at([t, t]);
          text(t === 0.5 ? "θA" : t, t === 0.5 ? "a" : "", x, TOP + side + 22);
          if (t) text(t === 0.5 ? "θB" : t, t === 0.5 ? "b" : "", EDGE - 20, y + 5);
        }
        set(ground, { transform: `translate(${at([0, 1])}) scale(${side / GRID})` });
        set(lines.parentNode, { transform: `translate(0 ${GRID}) scale(1 -1)` });
        marks.replaceChildren();
        for (const { theta, name } of stationary(s)) {
          const [x, y] = at(theta), saddle = /saddle/.test(name);
          make("path", { d: saddle ? "M-6-6L6 6M-6 6L6-6" : EM.marker(5, 6), transform: `translate(${x} ${y})` }, marks);
          text(`${name.split(" ").at(-1)} ${num(height(s, theta))}`, "", x, y + (theta[1] > theta[0] ? -14 : 26), marks);
        }
      }

      return function draw(s) {
        const map = JSON.stringify([s.data.heads, s.data.tails, s.params.weights]), now = map + play.width;
        if (!shown?.startsWith(map)) {
          const z = surface(s);
          set(image, { href: tint(z) });
          set(lines, { d: [0.5, 1, 2, 4, 8, 16, 32, 64].map((depth) => contour(z, -depth)).join("") });
        }
        if (now !== shown) layout(s);
        shown = now;
        const { theta: here } = s.params, path = [...s.past.map((p) => p.theta), here].map(at), climb = ascend(s), up = climb.path.map(at);
        const joined = (list) => `M${list.join("L")}`, dotted = (list) => list.map((p) => `M${p}h0`).join("");
        set(way, { d: joined(path) });
        set(dots, { d: dotted(path) });
        set(slope, { d: joined(up) });
        set(slopes, { d: dotted(up) });
        set(bound, { d: s.shared ? `${joined(loop(s).map(at))}z` : "", class: `loop ${s.fresh ? "" : "stale"}` });
        const [x, y] = at(here), n = s.past.length;
        set(point, { transform: `translate(${x} ${y})`, "aria-valuenow": here[0].toFixed(3), "aria-valuetext": `θA ${num(here[0], 3)}, θB ${num(here[1], 3)}` });
        set(steps[0], { text: ` ${s.settled && s.fresh ? "came to rest after" : "after"} ${n} step${n === 1 ? "" : "s"}: ${where(s, here)}.` });
        set(steps[1], { text: ` ${climb.words}` });
        EM.fill(box, s.data.step[0]);
      };
    },
  };
}
