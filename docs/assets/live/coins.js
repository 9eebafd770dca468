// Two or more coins: which of them made each row of flips?
"use strict";
{
  const { make, set, sync, num, marker, fill, NAMES, LETTERS } = EM;
  const clamp = (v) => Math.min(1, Math.max(0, v));
  const replaced = (list, k, v) => list.map((old, i) => (i === k ? v : old));
  const theta = (s, k, v) => ({ params: { theta: replaced(s.params.theta, k, +clamp(v).toFixed(3)) } });
  const KINDS = ["heads", "tails"];

  EM.views.coins = {
    label: "Rows of coin flips, and the coins that may have made them",
    data: { heads: [5, 9, 8, 4, 7], tails: [5, 1, 2, 6, 3] },
    params: { theta: [0.6, 0.5], weights: [0.5, 0.5] },
    options: {
      coins: {
        label: "Coins", choices: { 1: "one", 2: "two", 3: "three", 4: "four" },
        get: (s) => s.params.theta.length,
        set: (s, k) => ({
          params: {
            theta: Array.from({ length: k }, (_, j) => s.params.theta[j] ?? +((j + 0.5) / k).toFixed(2)),
            weights: Array(+k).fill(1 / k),
          },
        }),
      },
      shares: { label: "Shares", choices: { soft: "soft", hard: "hard: all or nothing" } },
      mixing: { label: "Mixing weights", choices: { held: "held", free: "free" } },
    },
    acts: {
      "Break it": {
        "All alike": (s) => ({ params: { theta: s.params.theta.map(() => 0.3) } }),
        "One that never shows heads": (s) => theta(s, 0, 0),
      },
    },
    fits: ({ data: { heads, tails }, params: { theta, weights } }) =>
      heads.length > 0 && heads.length === tails.length && [...heads, ...tails].every((n) => n >= 0) &&
      theta.length < 5 && theta.length === weights.length && theta.every((t) => t >= 0 && t <= 1),
    share: (s) => EM.coins.eStep(s.data, s.params, s.options.shares === "hard"),
    estimate: (s) => EM.coins.mStep(s.data, s.shared.responsibilities,
      { weights: s.options.mixing === "held" ? s.params.weights : null }),
    collapse: (error) => "component" in error
      ? `Coin ${NAMES[error.component]} ${error.message}: 0 heads of 0 flips is no estimate. Start it elsewhere.`
      : error.message,
    tell(s) {
      const coins = s.params.theta.map((t, k) => `θ${NAMES[k]} ${num(t, 5)}` +
        (s.options.mixing === "free" ? `, weight ${num(s.params.weights[k], 3)}` : "")).join("; ");
      if (!s.fresh) return `${coins}.`;
      const { heads, flips } = EM.coins.credited(s.data, s.shared.responsibilities);
      return `Nothing moved; credited are ${heads.map((h, k) =>
        `to ${NAMES[k]} ${num(h)} heads of ${num(flips[k])} flips`).join(", ")}.`;
    },

    build(play) {
      const svg = make("svg", {}, play.stage);
      const axis = make("g", { class: "axis" }, svg), ghosts = make("g", { class: "ghosts" }, svg);
      const handles = make("g", {}, svg), base = 50;
      const line = make("line", { y1: base, y2: base }, axis);
      const ticks = [0, 0.25, 0.5, 0.75, 1].map((t) => make("text", { y: base + 32, text: t }, axis));
      const at = (t) => 26 + t * (play.width - 52);
      const flips = make("div", { class: "flips" }, play.stage);
      const head = make("div", { class: "row" }, flips), rows = make("div", {}, flips);
      const total = make("div", { class: "row total" }, flips);
      KINDS.forEach((kind) => make("span", { text: kind, class: "count" }, head));
      make("button", {
        type: "button", text: "Add a row", class: "count two",
        onclick: () => change((list) => [...list, 5]),
      }, total);

      // Change both lists of counts at once.
      function change(how) {
        const { heads, tails } = play.state.data;
        play.edit({ data: { heads: how(heads), tails: how(tails) } });
      }
      function row(i) {
        const node = make("div", { class: "row", role: "group" });
        KINDS.forEach((kind) => set(play.number(`${kind} of row ${i + 1}`, node, (n) =>
          ({ data: { [kind]: replaced(play.state.data[kind], i, Math.round(n)) } }), 0, 999, 1), { class: "count" }));
        make("span", { class: "cells" }, node);
        make("button", {
          type: "button", text: "×", class: "less", "aria-label": `Remove row ${i + 1}`,
          onclick: () => rows.children.length > 1 && change((list) => list.filter((_, j) => j !== i)),
        }, node);
        return node;
      }
      const cells = (parent, k) => sync(parent, k, (j) => {
        const cell = make("div", { class: `cell ${LETTERS[j]}` });
        make("div", { class: "share" }, cell);
        make("span", {}, cell);
        return cell;
      });
      const across = [head, total].map((parent) => make("span", { class: "cells" }, parent));
      make("span", { class: "less" }, head);
      make("span", { class: "less" }, total);

      function bar(cell, heads, tails, scale) {
        sync(cell.firstChild, 2, (i) => make("i", { class: KINDS[i] })).forEach((part, i) =>
          set(part, { style: `width:${((100 * [heads, tails][i]) / scale).toFixed(2)}%` }));
      }

      function grip(k) {
        const node = make("g", { class: `handle ${LETTERS[k]}`, role: "slider", "aria-valuemin": 0,
          "aria-valuemax": 1, "aria-label": `θ of coin ${NAMES[k]}` }, handles);
        make("circle", { r: 22, class: "reach" }, node);
        make("path", { d: marker(k, 10) }, node);
        make("text", { y: -17 }, node);
        return play.handle(node, {
          at: (s) => [at(s.params.theta[k]), base],
          move: (s, x) => theta(s, k, (x - 26) / (play.width - 52)),
          nudge: (s, dx, dy) => theta(s, k, s.params.theta[k] + (dx + dy) / 100),
        });
      }

      return function draw(s) {
        const { heads, tails } = s.data, k = s.params.theta.length;
        const r = s.shared && s.shared.responsibilities;
        set(svg, { width: play.width, height: base + 40 });
        set(line, { x1: at(0), x2: at(1) });
        ticks.forEach((text, i) => set(text, { x: at(i / 4) }));
        const earlier = EM.ghosts(s).flatMap((p) => p.theta.map((t, j) => [j, t]));
        sync(ghosts, earlier.length, () => make("path", {}, ghosts)).forEach((path, i) =>
          set(path, { class: LETTERS[earlier[i][0]], d: `M${at(earlier[i][1])} ${base - 9}v18` }));
        sync(handles, k, grip).forEach((node, j) => {
          const t = s.params.theta[j];
          set(node, { transform: `translate(${at(t)} ${base})`, "aria-valuenow": t.toFixed(3) });
          set(node.lastChild, { text: `${NAMES[j]} ${num(t)}` });
        });

        set(flips, { class: `flips ${!r ? "bare" : s.fresh ? "" : "stale"}` });
        cells(across[0], k).forEach((cell, j) => set(cell.lastChild, { text: `to coin ${NAMES[j]}` }));
        const most = Math.max(1, ...heads.map((h, i) => h + tails[i]));
        sync(rows, heads.length, row).forEach((node, i) => {
          set(node, { "aria-label": `Row ${i + 1}` });
          fill(node.children[0], heads[i], `heads of row ${i + 1}`);
          fill(node.children[1], tails[i], `tails of row ${i + 1}`);
          cells(node.children[2], k).forEach((cell, j) => {
            const share = r ? r[i][j] : 0;
            bar(cell, share * heads[i], share * tails[i], most);
            set(cell.lastChild, { text: r ? `${num(share * heads[i], 1)} H ${num(share * tails[i], 1)} T` : "–" });
          });
        });
        const credited = r && EM.coins.credited(s.data, r);
        cells(across[1], k).forEach((cell, j) => {
          const [h, n] = credited ? [credited.heads[j], credited.flips[j]] : [0, 0];
          bar(cell, h, n - h, EM.sum(heads) + EM.sum(tails) || 1);
          set(cell.lastChild, { text: n ? `${num(h)} ÷ ${num(n)} = ${num(h / n, 3)}` : "–" });
        });
      };
    },
  };
}
