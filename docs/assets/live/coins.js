// Coins: which of them made each row of flips?
"use strict";
{
  const { make, set, sync, num, put, shares, mixing, NAMES, LETTERS } = EM;
  const BASE = 44, KINDS = ["heads", "tails"];
  const theta = (s, k, v) => ({ params: { theta: put(s.params.theta, k, +Math.min(1, Math.max(0, v)).toFixed(3)) } });

  EM.views.coins = {
    label: "Rows of coin flips, and the coins that may have made them",
    data: { heads: [5, 9, 8, 4, 7], tails: [5, 1, 2, 6, 3] },
    params: { theta: [0.6, 0.5], weights: [0.5, 0.5] },
    options: { shares, mixing },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: { theta: s.params.theta.map(() => 0.3) } }),
        "One never heads": (s) => theta(s, 0, 0),
      },
    },
    fields: (s) => s.params.theta.map((t, k) => [`θ of ${NAMES[k]}`, +t.toFixed(5), (v) => theta(s, k, v), 0, 1]),
    fits: ({ data: { heads, tails }, params: { theta, weights } }) =>
      heads.length > 0 && heads.length === tails.length && Math.min(...heads, ...tails) >= 0 &&
      theta.length < 5 && theta.length === weights.length && theta.every((t) => t >= 0 && t <= 1),
    share: (s) => EM.coins.eStep(s.data, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.coins.mStep(s.data, s.shared.responsibilities,
      { weights: s.options.mixing === "held" ? s.params.weights : null }),
    collapse: ({ component, message }) => component === undefined
      ? message : `Coin ${NAMES[component]} ${message}: 0 of 0 is no estimate. Start it elsewhere.`,
    tell(s) {
      if (!s.fresh)
        return `${s.params.theta.map((t, k) => `θ${NAMES[k]} ${num(t, 5)}` +
          (s.options.mixing === "free" ? `, weight ${num(s.params.weights[k], 3)}` : "")).join("; ")}.`;
      const { heads, flips } = EM.coins.credited(s.data, s.shared.responsibilities);
      return `Nothing moved; credited are ${heads.map((h, k) =>
        `to ${NAMES[k]} ${num(h)} heads of ${num(flips[k])} flips`).join(", ")}.`;
    },

    build(play) {
      const svg = make("svg", {}, play.stage), axis = make("g", { class: "axis" }, svg);
      const ghosts = make("g", { class: "ghosts" }, svg), handles = make("g", {}, svg);
      const line = make("line", { y1: BASE, y2: BASE }, axis);
      const ticks = [0, 0.25, 0.5, 0.75, 1].map((text) => make("text", { y: BASE + 54, text }, axis));
      const at = (t) => 26 + t * (play.width - 52);

      // A row: what was flipped, then a cell for each coin; the head and the total alike.
      const row = (parent, name) => make("div", { class: `row ${name}`, role: "group", "aria-label": name }, parent);
      const flips = make("div", {}, play.stage), head = row(flips, "head"), rows = make("div", {}, flips), total = row(flips, "total");
      const change = (how) => play.edit({ data: EM.map(play.state.data, how) });
      const button = (parent, name, text, onclick) => make("button", { type: "button", class: name, text, onclick }, parent);
      for (const text of KINDS) make("span", { text, class: "count" }, head);
      button(total, "count two", "Add a row", () => change((list) => [...list, 5]));
      for (const parent of [head, total]) {
        make("div", { class: "cells" }, parent);
        make("span", { class: "less" }, parent);
      }
      function flipped(i) {
        const node = row(null, `Row ${i + 1}`);
        for (const kind of KINDS)
          set(play.number(`${kind} of row ${i + 1}`, node, (n) =>
            ({ data: { [kind]: put(play.state.data[kind], i, Math.round(n)) } }), 0, 999), { class: "count" });
        make("div", { class: "cells" }, node);
        set(button(node, "less", "×", () => rows.children[1] && change((list) => list.filter((_, j) => j !== i))),
          { "aria-label": `Remove row ${i + 1}` });
        return node;
      }
      // Fill a row's cells: bars for heads and tails on a scale, and words.
      function cells(row, each, scale) {
        sync(row.querySelector(".cells"), each.length, (k) => {
          const cell = make("div", { class: `cell ${LETTERS[k]}` }), bar = make("div", { class: "share" }, cell);
          for (const kind of KINDS) make("i", { class: kind }, bar);
          make("span", {}, cell);
          return cell;
        }).forEach((cell, k) => {
          const [text, ...parts] = each[k];
          parts.forEach((n, i) => set(cell.firstChild.children[i], { style: `width:${((100 * n) / scale).toFixed(2)}%` }));
          set(cell.lastChild, { text });
        });
      }
      function grip(k) {
        const node = play.handle(handles, k, `θ of ${NAMES[k]}`, {
          at: (s) => [at(s.params.theta[k]), BASE],
          move: (s, x) => theta(s, k, (x - 26) / (play.width - 52)),
          nudge: (s, dx, dy) => theta(s, k, s.params.theta[k] + (dx + dy) / 100),
        });
        if (k % 2) set(node.lastChild, { y: 28 });
        return node;
      }

      return function draw({ data: { heads, tails }, params: p, shared, fresh, ...s }) {
        const r = shared && shared.responsibilities, { width } = play;
        EM.size(svg, width, BASE + 62);
        set(line, { x1: at(0), x2: at(1) });
        ticks.forEach((text, i) => set(text, { x: at(i / 4) }));
        const earlier = EM.ghosts(s).flatMap((q) => q.theta.map((t, k) => [LETTERS[k], `M${at(t)} ${BASE - 10}v20`]));
        sync(ghosts, earlier.length, () => make("path", {}, ghosts)).forEach((path, i) =>
          set(path, { class: earlier[i][0], d: earlier[i][1] }));
        sync(handles, p.theta.length, grip).forEach((node, k) => {
          const t = p.theta[k];
          set(node, { transform: `translate(${at(t)} ${BASE})`, "aria-valuenow": t.toFixed(3) });
          set(node.lastChild, { text: `${NAMES[k]} ${num(t)}` });
        });

        set(flips, { class: r && !fresh ? "stale" : "" });
        cells(head, p.theta.map((_, k) => [`to coin ${NAMES[k]}`]));
        const most = Math.max(1, ...heads.map((h, i) => h + tails[i]));
        sync(rows, heads.length, flipped).forEach((node, i) => {
          EM.fill(node.children[0], heads[i]);
          EM.fill(node.children[1], tails[i]);
          cells(node, p.theta.map((_, k) => {
            const [h, t] = r ? [r[i][k] * heads[i], r[i][k] * tails[i]] : [0, 0];
            return [r ? `${num(h, 1)} H ${num(t, 1)} T` : "–", h, t];
          }), most);
        });
        const credited = r && EM.coins.credited({ heads, tails }, r);
        cells(total, p.theta.map((_, k) => {
          const h = r ? credited.heads[k] : 0, n = r ? credited.flips[k] : 0;
          return [n ? `${num(h)} ÷ ${num(n)} = ${num(h / n, 3)}` : "–", h, n - h];
        }), EM.sum(heads) + EM.sum(tails) || 1);
      };
    },
  };
}
