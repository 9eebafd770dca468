// Regimes: calm or turbulent, which was each day? A hidden Markov chain with two normals.
"use strict";
{
  const { make, set, num, put, clamp, sum, normals } = EM;
  const WORDS = ["calm", "turbulent"], YEAR = 260, LONGEST = 400;
  const spread = (s, k, v) => ({ params: { stds: put(s.params.stds, k, +clamp(v, 0.05, 20).toFixed(3)) } });
  const staying = (s, k, v) => ({ params: { stay: put(s.params.stay, k, +clamp(v, 0, 0.9999).toFixed(4)) } });
  const lasts = (p) => 1 / (1 - p), long = (p) => (p < 1 ? `lasts ${num(lasts(p), 0)} days` : "lasts for ever");

  // Forward, each day divided by its own sum; then back, each state's part of the next day.
  function eStep(x, { means, stds, stay, first }) {
    const move = [[stay[0], 1 - stay[0]], [1 - stay[1], stay[1]]], moves = [[0, 0], [0, 0]];
    const forward = [], predicted = [];
    let logLikelihood = 0;
    normals.logJoint(x, { means, stds, weights: [1, 1] }).forEach((logs, t) => {
      const last = forward[t - 1], top = Math.max(...logs);
      const prior = last ? [0, 1].map((j) => last[0] * move[0][j] + last[1] * move[1][j]) : first;
      const joint = prior.map((p, j) => p * Math.exp(logs[j] - top)), all = sum(joint);
      if (!(all > 0)) throw new Error(`Day ${t + 1} is impossible in every state that can be reached.`);
      logLikelihood += top + Math.log(all);
      predicted.push(prior);
      forward.push(joint.map((v) => v / all));
    });
    const responsibilities = [...forward];
    for (let t = x.length - 1; t--;) {
      const next = predicted[t + 1].map((p, j) => p && responsibilities[t + 1][j] / p);
      const parts = move.map((row, i) => row.map((m, j) => forward[t][i] * m * next[j]));
      parts.forEach((row, i) => row.forEach((v, j) => (moves[i][j] += v)));
      responsibilities[t] = parts.map(sum);
    }
    return { responsibilities, logLikelihood, moves };
  }

  function mStep(x, { responsibilities: r, moves }) {
    const { means, stds } = normals.mStep(x, r);
    const left = moves.findIndex((row) => !(sum(row) > 0));
    if (left >= 0) throw new Error(`Nothing follows a day that is ${WORDS[left]}.`);
    return { means, stds, stay: moves.map((row, i) => row[i] / sum(row)), first: r[0] };
  }

  EM.regimes = { eStep, mStep };
  EM.views.regimes = {
    label: "Daily returns, and the state of each day",
    data: { x: [0.3, -0.5, 0.6, 0.1, -0.2, 0.4, 1.9, -2.4, 3.1, -1.6, 0.2, -0.4, 0.5], begin: [2000] },
    params: { stds: [0.5, 2], stay: [0.9, 0.9], means: [0, 0], first: [0.5, 0.5] },
    options: {},
    acts: {
      "Break it": {
        "Alike": () => ({ params: { stds: [1, 1], stay: [0.9, 0.9], means: [0, 0], first: [0.5, 0.5] } }),
        "No memory": (s) => ({ params: { ...s.params, stay: [0.5, 0.5] } }),
        "Never turbulent": (s) => ({ params: { ...s.params, stay: [1, s.params.stay[1]], first: [1, 0] } }),
      },
    },
    fields: (s) => [...s.params.stds.map((v, k) => [`Spread, ${WORDS[k]}`, +v.toFixed(3), (n) => spread(s, k, n), 0.05, 20]),
      ...s.params.stay.map((v, k) => [`Staying ${WORDS[k]}`, +v.toFixed(4), (n) => staying(s, k, n), 0, 1])],
    takes: "3 to 1,000 returns, two states with spreads from 0.01 to 100, and chances from 0 to 1",
    fits: ({ data: { x, begin }, params: { stds, stay, means, first } }) => x.length > 2 && Math.abs(begin[0]) < 9999 && stds.length === 2 &&
      Math.min(...stds) >= 0.01 && Math.max(...stds) <= 100 && [...stay, ...first].every((p) => p >= 0 && p <= 1) && EM.weighty(first) &&
      x.concat(means).every((v) => Math.abs(v) <= 100),
    collapse: ({ component, message }) => component === undefined ? message
      : `No day is credited to the state ${WORDS[component]}: there is nothing to take a spread of. Start it otherwise.`,
    share: (s) => eStep(s.data.x, s.params),
    estimate: (s) => mStep(s.data.x, s.shared),
    tell: (s) => {
      const days = s.fresh && s.shared.responsibilities.reduce((all, row) => all + row[1], 0);
      return s.fresh
        ? `Of ${s.data.x.length} days ${num(s.data.x.length - days, 0)} are credited to calm and ${num(days, 0)} to turbulent.`
        : `${WORDS.map((word, k) => `${word}: spread ${num(s.params.stds[k], 3)}, ${long(s.params.stay[k])}`).join("; ")}.`;
    },

    build(play) {
      const svg = make("svg", {}, play.stage), bars = make("g", {}, svg), lines = make("g", {}, svg);
      const axis = make("g", { class: "axis" }, svg), band = make("path", { style: "fill:var(--b);stroke:none" }, svg);
      const rule = make("path", { class: "rule", style: "fill:none;stroke:currentColor;opacity:.4" }, svg);
      const MID = 88, HIGH = 78, BAND = [190, 220], DAYS = 282;
      let scale = 1, was, known, seen;
      const across = (days) => 24 + (play.width - 48) * Math.log(days) / Math.log(LONGEST);
      const days = (x) => LONGEST ** ((x - 24) / (play.width - 48));
      const at = [
        ...[0, 1].map((k) => (s) => [play.width * (k ? 0.72 : 0.28), Math.max(34, MID - 2 * scale * s.params.stds[k])]),
        ...[0, 1].map((k) => (s) => [across(clamp(lasts(s.params.stay[k]), 1, LONGEST)), DAYS]),
      ];
      const grips = at.map((place, i) => {
        const k = i % 2, wide = i < 2;
        const node = play.handle(svg, k, `${wide ? "Spread of" : "Days that last,"} ${WORDS[k]}`, {
          at: place,
          move: (s, x, y) => (wide ? spread(s, k, (MID - Math.max(34, y)) / scale / 2) : staying(s, k, 1 - 1 / Math.max(1, days(x)))),
          nudge: (s, dx, dy) => (wide ? spread(s, k, s.params.stds[k] + (dx + dy) / 50)
            : staying(s, k, 1 - 1 / Math.max(1, lasts(s.params.stay[k]) * 1.1 ** (dx + dy)))),
        });
        if (!k && !wide) set(node.lastChild, { y: 28 });
        return node;
      });

      // The days as five paths, by how turbulent they are said to be: one for each colour.
      function colour({ data: { x }, shared, fresh }) {
        const now = [shared, fresh, play.width, x];
        if (was?.every((v, i) => v === now[i])) return;
        was = now;
        const step = play.width / x.length, parts = ["", "", "", "", ""];
        x.forEach((v, t) => {
          const bin = shared ? Math.round(4 * shared.responsibilities[t][1]) : 0;
          parts[bin] += `M${((t + 0.5) * step).toFixed(1)} ${MID}V${(MID - scale * v).toFixed(1)}`;
        });
        EM.sync(bars, 5, () => make("path", {}, bars)).forEach((path, bin) => set(path, {
          d: parts[bin],
          style: `fill:none;stroke-width:${Math.max(0.8, step * 0.9).toFixed(2)};opacity:${shared && !fresh ? 0.45 : 1};stroke:${
            shared ? `color-mix(in oklab,var(--b) ${25 * bin}%,var(--a))` : "var(--soft)"}`,
        }));
      }
      // What this guess says of each day, whether it was shared out or not.
      function told({ data: { x }, params, broken }) {
        const key = [params, x, play.width];
        if (broken || seen?.every((v, i) => v === key[i])) return;
        seen = key;
        try {
          known = eStep(x, params).responsibilities;
        } catch {
          known = [];
        }
        const columns = Math.min(x.length, Math.round(play.width)), tops = [];
        for (let i = 0; i < columns && known.length; i++) {
          const from = Math.floor(i * x.length / columns), to = Math.max(from + 1, Math.floor((i + 1) * x.length / columns));
          const mean = sum(known.slice(from, to).map((row) => row[1])) / (to - from);
          tops.push(`${(i * play.width / columns).toFixed(1)} ${(BAND[1] - mean * (BAND[1] - BAND[0])).toFixed(1)}`);
        }
        set(band, { d: tops.length ? `M0 ${BAND[1]}L${tops.join("L")}L${play.width} ${BAND[1]}z` : "" });
      }

      return function draw(s) {
        const { x, begin: [begin] } = s.data, w = play.width;
        scale = HIGH / Math.max(...x.map(Math.abs), 2.2 * Math.min(4, Math.max(...s.params.stds)), 1e-9);
        EM.size(svg, w, DAYS + 56);
        colour(s);
        told(s);
        EM.paths(lines, s.params.stds.flatMap((v, k) => [-1, 1].map((side) =>
          [`${EM.LETTERS[k]} dashed`, `M0 ${(MID + side * 2 * scale * v).toFixed(1)}H${w}`])));
        [...lines.children].forEach((line, i) => set(line, {
          style: `fill:none;stroke-width:1.6;stroke-dasharray:${i < 2 ? "none" : "6 4"};stroke:var(--${EM.LETTERS[i >> 1]})`,
        }));
        const years = x.length > YEAR ? EM.ticks(Math.ceil(begin), begin + x.length / YEAR, Math.max(2, w / 90)).filter(Number.isInteger) : [];
        const days = [1, 3, 10, 30, 100, 300];
        const words = [
          ...years.map((text) => [(text - begin) * YEAR * w / x.length, 238, text]),
          ...days.map((text) => [across(text), DAYS + 50, text === 300 ? "300 days" : text]),
          [0, 184, "turbulent, by this guess", "start"],
          ...[-5, 5].filter((v) => 5 * scale < HIGH).map((v) => [0, MID - scale * v + (v > 0 ? -5 : 14), `${num(v, 0)} %`, "start"]),
        ];
        EM.sync(axis, words.length, () => make("text", {}, axis)).forEach((node, i) => {
          const [left, y, text, anchor = "middle"] = words[i];
          set(node, { x: clamp(left, anchor === "middle" ? 16 : 0, w - 32), y, text, style: `text-anchor:${anchor}` });
        });
        set(rule, { d: `M0 ${MID}H${w}M0 ${BAND[1]}H${w}M${across(1)} ${DAYS}H${across(LONGEST)}` });
        grips.forEach((grip, i) => {
          const k = i % 2, value = i < 2 ? s.params.stds[k] : Math.min(lasts(s.params.stay[k]), 1e4);
          set(grip, { transform: `translate(${at[i](s)})`, "aria-valuenow": +value.toFixed(3) });
          set(grip.lastChild, { text: i < 2 ? `${WORDS[k]} ${num(value)}` : `${WORDS[k]} ${num(value, 0)}` });
        });
      };
    },
  };
}
