// Map: the log-likelihood of two coins over θA and θB, and two ways up.
"use strict";
{
  const { make, set, num, clamp } = EM;
  const RING = [[0, 0], [1, 0], [1, 1], [0, 1]];
  const GRID = 72, EDGE = 38, TOP = 10;
  const AXIS = Array.from({ length: GRID + 1 }, (_, i) => clamp(i / GRID, 0.002, 0.998));
  const DATA = {
    two: { heads: [21, 9, 10, 32, 7], tails: [7, 10, 17, 10, 13] },
    one: { heads: [5, 6, 5, 4, 5], tails: [5, 4, 5, 6, 5] },
  };
  const theta = (...pair) => ({ params: { theta: pair.map((v) => +clamp(v, 0.01, 0.99).toFixed(3)) } });
  const inside = (pair) => pair.every((t) => t > 0 && t < 1);
  const height = ({ data, params }, theta) => EM.coins.eStep(data, { ...params, theta }).logLikelihood;
  const step = (s, v) => ({ data: { step: [v] }, params: s.start });
  const steps = (n) => `after ${n} step${n === 1 ? "" : "s"}: `;
  const ended = (s) => s.settled && s.fresh;
  const beside = (s) => s.options.beside === "gradient";

  // Where the slope is 0: the saddle and both peaks, or the one peak.
  const stations = ({ data, params: { weights } }) => {
    const rates = data.heads.map((h, i) => (h + 1) / (h + data.tails[i] + 2));
    const low = Math.min(...rates), high = Math.max(...rates);
    const [middle, ...tops] = [[0.5, 0.5], [low, high], [high, low]].map((theta) => {
      for (let i = 0; i < 400; i++)
        ({ theta } = EM.coins.mStep(data, EM.coins.eStep(data, { theta, weights }).responsibilities));
      return [theta[0] < theta[1] ? "upper left peak" : "lower right peak", theta];
    });
    const peaks = tops.filter(([, [a, b]]) => Math.abs(a - b) > 0.01);
    return [[peaks.length ? "saddle" : "peak", middle[1]], ...peaks];
  };
  let known, found;
  const where = (s, theta) => {
    const [name] = found.find(([, at]) => at.every((t, k) => Math.abs(t - theta[k]) < 0.01)) || "";
    return `${name ? `at the ${name} ` : ""}(${theta.map((t) => num(t, 3)).join(", ")}), height ${num(height(s, theta), 3)}.`;
  };
  const survey = (s) => {
    const now = JSON.stringify([s.data, s.params.weights]);
    if (now !== known) found = stations(s);
    known = now;
  };

  // Gradient ascent: as many steps as EM took; to its end, when EM has settled.
  const ascend = (s) => {
    const path = [s.start.theta], most = ended(s) ? 1000 : s.past.length;
    let turns = 0, before = [0, 0], flat, at;
    while (inside((at = path.at(-1))) && path.length <= most) {
      const slope = EM.coins.gradient(s.data, { ...s.params, theta: at });
      if ((flat = Math.max(...slope.map(Math.abs)) < 0.01)) break;
      turns += EM.dot(slope, before) < 0;
      before = slope;
      path.push(at.map((t, k) => t + s.data.step[0] * slope[k]));
    }
    const n = path.length - 1;
    return [path, (inside(at)
      ? `${flat ? "at rest " : most > 999 ? "not at rest " : ""}${steps(n)}${where(s, at)}`
      : `left the square at step ${n}: no coin has θ ${num(at.find((t) => !(t > 0 && t < 1)))}.`) +
      (turns ? ` Turned back ${turns}×.` : "")];
  };

  // Marching squares: where each edge of a cell is crossed, joined two by two.
  const contour = (z, level) => {
    let path = "";
    for (let y = 0; y < GRID; y++)
      for (let x = 0; x < GRID; x++) {
        const cuts = [];
        RING.forEach(([a, b], i) => {
          const [c, d] = RING[(i + 1) % 4], u = z[y + b][x + a] - level, v = z[y + d][x + c] - level, t = u / (u - v);
          if (u > 0 !== v > 0) cuts.push([x + a + t * (c - a), y + b + t * (d - b)].map((v) => v.toFixed(2)));
        });
        while (cuts[0]) path += `M${cuts.pop()}L${cuts.pop()}`;
      }
    return path;
  };
  // Heights on a grid, row by row.
  const surface = ({ data, params: { weights } }) => {
    const rows = AXIS.map((t) => EM.columns(EM.coins.logJoint(data, { theta: [t, t], weights })));
    return rows.map(([, b]) => rows.map(([a]) =>
      EM.sum(a.map((v, i) => Math.max(v, b[i]) + Math.log1p(Math.exp(-Math.abs(v - b[i])))))));
  };
  // Where the bound of the last E-step is as high as the point that it was made at.
  const loop = ({ data, shared, fresh, params, past }) => {
    const { heads, flips } = EM.coins.credited(data, shared.responsibilities);
    const part = (t, k) => heads[k] * Math.log(t) + (flips[k] - heads[k]) * Math.log(1 - t);
    const [a, b] = [0, 1].map((k) => AXIS.map((t) => part(t, k)));
    return contour(b.map((v) => a.map((u) => u + v)), EM.sum((fresh ? params : past.at(-1)).theta.map(part)));
  };
  // Grey on any ground, the more the higher.
  const tint = (z, most) => {
    const canvas = make("canvas", { width: GRID + 1, height: GRID + 1 }), pen = canvas.getContext("2d");
    const image = pen.createImageData(GRID + 1, GRID + 1);
    z.flat().forEach((v, i) => image.data.set([132, 124, 108, 170 / (1 + (most - v) / 6)], 4 * i));
    pen.putImageData(image, 0, 0);
    return canvas.toDataURL();
  };

  EM.views.map = {
    label: "Two coins: log-likelihood as a map",
    data: { ...DATA.two, step: [0.001] },
    params: { theta: [0.25, 0.35], weights: [0.5, 0.5] },
    options: {
      beside: { label: "Beside EM", choices: { none: "nothing", gradient: "gradient ascent" } },
      rows: {
        label: "Flips", choices: { two: "five unequal rows", one: "five rows alike" },
        get: ({ data: { heads } }) => Object.keys(DATA).find((name) => `${DATA[name].heads}` === `${heads}`),
        set: (s, name) => ({ data: DATA[name], params: s.start }),
      },
    },
    acts: {
      "Break it": {
        "All alike": () => theta(0.3, 0.3),
        "A long step": (s) => ({ ...step(s, 0.01), options: { beside: "gradient" } }),
      },
    },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${EM.NAMES[k]}`, +t.toFixed(5),
      (v) => theta(...EM.put(s.params.theta, k, v)), 0.01, 0.99]),
    takes: "two coins with θ from 0.01 to 0.99, and whole numbers of heads and tails below 1,000",
    fits: ({ data: { heads, tails, step }, params: { theta, weights } }) =>
      theta.length === 2 && inside(theta) && EM.counted(heads, tails) && heads.every((h, i) => h + tails[i]) &&
      EM.weighty(weights) && Math.min(...weights) > 0 && step[0] > 0 && step[0] <= 1,
    share: (s) => EM.coins.eStep(s.data, s.params),
    estimate: (s) => EM.coins.mStep(s.data, s.shared.responsibilities, { weights: s.params.weights }),
    tell(s) {
      survey(s);
      const { theta: [a, b] } = s.params;
      const other = beside(s) ? ` Gradient ascent ${ascend(s)[1]}` : "";
      return ended(s) ? `EM ends ${where(s, [a, b])}${other}`
        : s.fresh ? "The point stays. With these shares, guesses in the dotted loop are better; EM goes to the best."
          : `θA ${num(a, 5)}; θB ${num(b, 5)}.${s.at ? other : ""}`;
    },

    build(play) {
      set(play.stage, { class: "stage map" });
      const svg = make("svg", {}, play.stage), ways = make("div", { class: "ways" }, play.stage);
      const ground = make("g", {}, svg), image = make("image", { width: GRID + 1, height: GRID + 1, x: -0.5, y: -0.5 }, ground);
      const [lines, bound, equal] = ["contour", "loop", "diagonal"].map((name) => make("path", { class: name }, ground));
      set(equal, { d: `M0 0L${GRID} ${GRID}` });
      const axis = make("g", { class: "marks" }, svg);
      const trails = ["slope", "way"].map((name) => ["", " dot"].map((dot) => make("path", { class: name + dot }, svg)));
      const [stepped, climbed] = ["EM", "Gradient ascent"].map((text, i) => {
        const p = make("p", {}, make("div", {}, ways));
        make("b", { text, class: i ? "dashed" : "" }, p);
        return make("span", {}, p);
      });
      const slope = ways.lastChild, words = "Step of gradient ascent";
      const box = set(play.number(words, make("label", { text: `${words} ` }, slope),
        (v) => step(play.state, v), 1e-5, 1), { step: 0.001 });
      let side, shown;
      const at = ([a, b]) => [EDGE + a * side, TOP + (1 - b) * side];
      const back = (x, y) => theta((x - EDGE) / side, 1 - (y - TOP) / side);
      const point = set(play.handle(svg, 0, "θA across, θB up", {
        at: (s) => at(s.params.theta),
        move: (s, x, y) => back(x, y),
        nudge: ({ params: { theta: [a, b] } }, dx, dy) => theta(a + dx / 100, b + dy / 100),
      }), { class: "handle point" });
      // A press anywhere is one on the point; a finger may want to scroll, so it has to tap.
      svg.onpointerdown = (event) => event.pointerType !== "touch" && point.onpointerdown(event);
      svg.onclick = ({ clientX, clientY }) => {
        const { left, top } = svg.getBoundingClientRect();
        play.edit(back(clientX - left, clientY - top));
      };

      function layout(s) {
        side = Math.min(play.width - EDGE - 8, play.height - TOP - 26);
        EM.size(svg, side + EDGE + 8, side + TOP + 30);
        set(ground, { transform: `translate(${at([0, 0])}) scale(${side / GRID} ${-side / GRID})` });
        const z = surface(s), most = Math.max(...z.flat());
        set(image, { href: tint(z, most) });
        set(lines, { d: [0.5, 1, 2, 4, 8, 16, 32, 64].map((depth) => contour(z, most - depth)).join("") });
        axis.replaceChildren();
        const put = (text, x, y, name = "") => make("text", { text, x, y, class: name }, axis);
        for (const t of [0, 0.25, 0.5, 0.75, 1]) {
          const [x, y] = at([t, t]);
          put(t === 0.5 ? "θA" : t, x, TOP + side + 22);
          if (t) put(t === 0.5 ? "θB" : t, EDGE - 20, y + 5);
        }
        put("θA = θB", ...at([0.85, 0.93]));
        for (const [name, theta] of found) {
          const [x, y] = at(theta);
          make("path", { d: `M${x} ${y}${EM.marker(name === "saddle" ? 5 : 2, 6)}` }, axis);
          put(`${name.split(" ").at(-1)} ${num(height(s, theta))}`, x, y + (theta[1] > theta[0] ? -14 : 26), "name");
        }
      }

      return function draw(s) {
        survey(s);
        if (shown !== known + play.width) layout(s);
        shown = known + play.width;
        const { theta: here } = s.params, [climb, end] = beside(s) ? ascend(s) : [[], ""];
        slope.hidden = !beside(s);
        [climb, [...s.past.map((p) => p.theta), here]].forEach((path, i) => {
          set(trails[i][0], { d: `M${path.map(at).join("L") || "0 0"}` });
          set(trails[i][1], { d: path.map((p) => `M${at(p)}h0`).join("") });
        });
        set(bound, { d: s.shared ? loop(s) : "", class: `loop ${s.fresh ? "" : "stale"}` });
        set(point, {
          transform: `translate(${at(here)})`, "aria-valuenow": here[0].toFixed(3),
          "aria-valuetext": `θA ${num(here[0], 3)}, θB ${num(here[1], 3)}`,
        });
        set(stepped, { text: ` ${ended(s) ? "at rest " : ""}${steps(s.past.length)}${where(s, here)}` });
        set(climbed, { text: ` ${end}` });
        EM.fill(box, s.data.step[0]);
      };
    },
  };
}
