// Bells over points on a line: a mixture of one to four normals.
"use strict";
{
  const { make, set, sync, num, mix, marker, NAMES, LETTERS } = EM;
  const TOP = 26; // pixels above the highest bell, for its letter
  const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
  const equal = (k) => Array(k).fill(1 / k);
  const spread = (x) => {
    const mean = EM.sum(x) / x.length;
    return Math.sqrt(EM.sum(x.map((v) => (v - mean) ** 2)) / x.length);
  };

  // The part of the line that is shown: the points and some room.
  function span({ data: { x }, start: { means } }) {
    const low = Math.min(...x), high = Math.max(...x), room = 0.22 * (high - low) || 1;
    return [Math.min(low - room, ...means), Math.max(high + room, ...means)];
  }
  // Values that a hand chooses are round.
  const round = (s, v) => {
    const [low, high] = span(s), unit = 10 ** Math.floor(Math.log10((high - low) / 100));
    return +(Math.round(v / unit) * unit).toPrecision(12);
  };
  const step = (s) => {
    const [low, high] = span(s);
    return 10 ** Math.floor(Math.log10((high - low) / 10)) / 2;
  };
  const replaced = (list, k, v) => list.map((old, i) => (i === k ? v : old));
  const bell = (s, name, k, v) => {
    const [low, high] = span(s);
    const value = name === "means" ? clamp(v, low, high) : clamp(v, (high - low) / 500, high - low);
    return { params: { [name]: replaced(s.params[name], k, round(s, value) || value) } };
  };

  // As many bells as asked for, evenly over the points, of one width.
  function bells(s, k) {
    const x = [...s.data.x].sort((a, b) => a - b);
    const means = equal(k).map((_, j) => round(s, x[Math.floor(((j + 0.5) * x.length) / k)]));
    return { params: { means, stds: means.map(() => round(s, spread(x) / k ** 0.5)), weights: equal(k) } };
  }

  EM.views.bells = {
    label: "Bells over points on a line",
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
      shares: { label: "Shares", choices: { soft: "soft", hard: "hard: all or nothing" } },
      mixing: { label: "Mixing weights", choices: { held: "held", free: "free" } },
      floor: { label: "Least width", choices: { 0: "none", 0.1: "0.1", 0.3: "0.3" } },
    },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: { means: s.params.means.map(() => 5), stds: s.params.stds.map(() => 2) } }),
        "One far off": (s) => bell(s, "means", s.params.means.length - 1, Infinity),
        "One needle": (s) => {
          const k = s.params.means.length - 1, x = [...s.data.x].sort((a, b) => a - b);
          return {
            params: {
              means: replaced(s.params.means, k, x[Math.floor(x.length * 0.7)]),
              stds: replaced(s.params.stds, k, 0.02),
            },
          };
        },
      },
    },
    fields: (s) => [
      ...s.params.means.flatMap((mean, k) => [
        [`Mean of ${NAMES[k]}`, +mean.toFixed(4), (v) => ({ params: { means: replaced(s.params.means, k, v) } })],
        [`Width of ${NAMES[k]}`, +s.params.stds[k].toFixed(4),
          (v) => ({ params: { stds: replaced(s.params.stds, k, v) } }), 0.001, 1e6],
      ]),
      ["Add a point at", "", (v) => ({ data: { x: [...s.data.x, v] } })],
    ],
    fits: ({ data: { x }, params: { means, stds, weights } }) =>
      x.length > 1 && means.length < 5 && stds.length === means.length && weights.length === means.length &&
      stds.every((v) => v > 0) && weights.every((v) => v >= 0),
    share: (s) => EM.normals.eStep(s.data.x, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.normals.mStep(s.data.x, s.shared.responsibilities, {
      floor: +s.options.floor, weights: s.options.mixing === "held" ? s.params.weights : null,
    }),
    collapse: (error) => `Bell ${NAMES[error.component]} ${error.message}: ${/shrank/.test(error.message)
      ? "the narrower it gets, the higher the likelihood, without end. Give the widths a floor, or start elsewhere."
      : "there is nothing to make a mean of. Start it nearer, or use fewer bells."}`,
    tell(s) {
      const { means, stds, weights } = s.params, n = s.data.x.length;
      if (s.fresh) {
        const r = s.shared.responsibilities;
        const split = r.filter((row) => Math.max(...row) < 0.95).length;
        const thin = stds.findIndex((std) => std < spread(s.data.x) / 100);
        return `Nothing moved; ${split} of the ${n} points are split between the bells.` +
          (thin < 0 ? "" : ` ${NAMES[thin]} is a needle of width ${stds[thin].toExponential(1)}: the likelihood runs off.`);
      }
      return means.map((mean, k) => `${NAMES[k]}: mean ${num(mean)}, width ${num(stds[k])}` +
        (s.options.mixing === "free" ? `, weight ${num(weights[k])}` : "")).join("; ") + ".";
    },

    build(play) {
      const svg = make("svg", {}, play.stage);
      const layer = (name) => make("g", { class: name }, svg);
      const [ghosts, areas, axis, dots, curves, handles, tip] =
        ["ghosts", "areas", "axis", "dots", "curves", "handles", "tip"].map(layer);
      make("line", {}, axis);
      const ticks = make("g", {}, axis), words = make("text", {}, tip);
      let placed = [], radius, base, sx, back, sy, chosen = -1, known;

      set(dots, {
        tabindex: 0, role: "slider", "aria-label": "Points",
        onfocus: () => choose(Math.max(0, chosen)),
        onblur: () => choose(-1),
        onkeydown(event) {
          const { x } = play.state.data, order = x.map((_, i) => i).sort((i, j) => x[i] - x[j]);
          const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
          if (by) choose(order[clamp(order.indexOf(chosen) + by, 0, x.length - 1)]);
          else if (/Delete|Backspace/.test(event.key)) remove(chosen);
          else if (/Enter|Insert/.test(event.key)) add(x[chosen]);
          else return;
          event.preventDefault();
        },
      });
      const near = (event, room) => {
        const box = svg.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
        let best = -1, least = (radius + room) ** 2;
        placed.forEach(([u, v], i) => {
          const away = (u - x) ** 2 + (v - y) ** 2;
          if (away < least) [best, least] = [i, away];
        });
        return [best, x];
      };
      let pressed = -1;
      set(svg, {
        onpointerdown: () => (pressed = chosen),
        onclick(event) {
          const [i, x] = near(event, event.pointerType === "mouse" ? 3 : 12);
          if (i < 0) return add(round(play.state, back(x)));
          if (i === pressed && document.activeElement === dots) return remove(i);
          chosen = i;
          dots.focus({ preventScroll: true });
          choose(i);
        },
        onpointermove(event) {
          if (event.pointerType === "mouse" && !event.buttons && document.activeElement !== dots) choose(near(event, 2)[0]);
        },
        onpointerleave: () => document.activeElement === dots || choose(-1),
      });
      function add(v) {
        play.edit({ data: { x: [...play.state.data.x, v] } });
      }
      function remove(i) {
        const x = play.state.data.x.filter((_, j) => j !== i);
        if (x.length < 2) return;
        chosen = Math.min(chosen, x.length - 1);
        play.edit({ data: { x } });
      }
      // The words beside a point: whose it is.
      function choose(i) {
        chosen = i;
        const { data, shared, fresh } = play.state, at = placed[i];
        set(tip, { visibility: at ? "visible" : "hidden" });
        if (!at) return;
        const shares = shared && shared.responsibilities[i];
        const whose = shares ? shares.map((r, k) => `${NAMES[k]} ${num(r)}`).join("  ") : "not shared out";
        const text = `${num(data.x[i])}: ${whose}${shares && !fresh ? " (before)" : ""}`;
        set(words, { text, x: clamp(at[0], 90, play.width - 90), y: at[1] - radius - 8 });
        set(dots, { "aria-valuemin": 1, "aria-valuemax": data.x.length, "aria-valuenow": i + 1, "aria-valuetext": text });
        draw.ring(at);
      }
      const ring = make("circle", { class: "ring" }, tip);

      // Where each point lies: on the axis, or on those that lie there already.
      function stack(x) {
        const d = 2 * radius, column = [];
        const at = [];
        x.map((v, i) => [sx(v), i]).sort((a, b) => a[0] - b[0]).forEach(([u, i]) => {
          let level = 0;
          while (column[level] > u - d + 1e-9) level++;
          column[level] = u;
          at[i] = [u, base - radius - 2 - level * d];
        });
        return at;
      }

      function layout(s) {
        const { width } = play, { x } = s.data;
        const high = clamp(width * 0.42, 220, 340), [low, end] = span(s);
        base = high - 34;
        radius = clamp(width / 130, 3.6, 6);
        sx = (v) => 22 + ((v - low) / (end - low)) * (width - 44);
        back = (p) => low + ((p - 22) / (width - 44)) * (end - low);
        set(svg, { width, height: high });
        set(axis.firstChild, { x1: 8, x2: width - 8, y1: base, y2: base });
        const unit = step(s) * 2, every = unit * Math.ceil((end - low) / unit / (width < 500 ? 7 : 12));
        const marks = [];
        for (let t = Math.ceil(low / every) * every; t <= end; t += every) marks.push(t);
        sync(ticks, marks.length, () => make("text", {}, ticks)).forEach((text, i) =>
          set(text, { x: sx(marks[i]), y: base + 22, text: num(marks[i], Math.max(0, -Math.floor(Math.log10(every)))) }));
        placed = stack(x);
      }

      // A curve through 64 heights, closest together where it bends.
      function curve(mean, std, weight) {
        const path = [];
        for (let z = -4; z <= 4.001; z += 0.125) {
          const v = mean + z * std;
          path.push(`${sx(v).toFixed(1)} ${sy(weight * EM.normals.density(v, mean, std)).toFixed(1)}`);
        }
        return `M${path.join("L")}`;
      }

      function draw(s) {
        const { means, stds, weights } = s.params, { x } = s.data;
        const now = [x, s.start, play.width];
        if (!known || now.some((v, i) => v !== known[i])) layout(s);
        known = now;
        // High enough for every bell so far, within reason: a needle leaves through the top.
        const usual = 1.2 / spread(x) / Math.sqrt(2 * Math.PI);
        const tall = [...s.past, s.params].flatMap((p) => p.stds.map((std, k) => p.weights[k] / std / Math.sqrt(2 * Math.PI)));
        const most = clamp(Math.max(...tall), usual, 3 * usual);
        sy = (d) => Math.max(-60, base - (d / most) * (base - TOP));
        const paths = means.map((mean, k) => curve(mean, stds[k], weights[k]));

        sync(areas, means.length, (k) => make("path", { class: LETTERS[k] }, areas)).forEach((area, k) => set(area, { d: paths[k] }));
        sync(curves, means.length, (k) => make("path", { class: LETTERS[k] }, curves)).forEach((path, k) => set(path, { d: paths[k] }));
        const earlier = s.past.slice(-8).flatMap((p) => p.means.map((mean, k) => [k, curve(mean, p.stds[k], p.weights[k])]));
        sync(ghosts, earlier.length, () => make("path", {}, ghosts)).forEach((path, i) =>
          set(path, { class: LETTERS[earlier[i][0]], d: earlier[i][1] }));

        const r = s.shared && s.shared.responsibilities;
        set(dots, { class: `dots ${!r ? "bare" : s.fresh ? "" : "stale"}` });
        sync(dots, x.length, () => make("path", {}, dots)).forEach((dot, i) => {
          const shares = r && r[i], owner = shares ? shares.indexOf(Math.max(...shares)) : 0;
          set(dot, {
            d: marker(owner, radius - 0.6),
            transform: `translate(${placed[i].map((v) => v.toFixed(1))})`,
            style: shares ? `color:${mix(shares)}` : "",
          });
        });

        sync(handles, 2 * means.length, grip).forEach((node, i) => {
          const k = i >> 1, [px, py] = place(s, i);
          set(node, {
            transform: `translate(${px.toFixed(1)} ${py.toFixed(1)})`,
            "aria-valuenow": num(i % 2 ? stds[k] : means[k]).replace("−", "-"),
          });
        });
        choose(chosen);
      }
      draw.ring = ([cx, cy]) => set(ring, { cx, cy, r: radius + 3 });

      // Even handles: the top of a bell, its mean. Odd ones: its flank, its width.
      function place(s, i) {
        const k = i >> 1, { means, stds, weights } = s.params, mean = means[k], std = stds[k];
        const top = weights[k] * EM.normals.density(mean, mean, std);
        return i % 2
          ? [Math.max(sx(mean + std), sx(mean) + 26), clamp(sy(top * Math.exp(-0.5)), TOP + 20, base - 8)]
          : [sx(mean), Math.max(TOP, sy(top))];
      }
      function grip(i) {
        const k = i >> 1, name = i % 2 ? "stds" : "means";
        const node = make("g", {
          class: `handle ${LETTERS[k]}`, role: "slider", "aria-label": `${i % 2 ? "Width" : "Mean"} of ${NAMES[k]}`,
        }, handles);
        make("circle", { r: 22, class: "reach" }, node);
        make("path", { d: i % 2 ? "M-3 -7L-10 0L-3 7zM3 -7L10 0L3 7z" : marker(k, 9) }, node);
        if (i % 2 === 0) make("text", { y: -15, text: NAMES[k] }, node);
        return play.handle(node, {
          at: (s) => place(s, i),
          move: (s, px) => bell(s, name, k, i % 2 ? back(px) - s.params.means[k] : back(px)),
          nudge: (s, dx, dy) => bell(s, name, k, s.params[name][k] + (dx + dy) * step(s) * (i % 2 ? 0.2 : 0.4)),
        });
      }
      return draw;
    },
  };
}
