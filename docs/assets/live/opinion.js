// Opinion: the classes of 45 patients, from what five anaesthetists said of each.
"use strict";
{
  const { make, set, sum, num, put } = EM;
  // Seven opinions a patient, 1 to 4, or 0 for none; and whose they are: the first's are three.
  const OPINIONS = [1111111, 3334334, 1122122, 2223121, 2223222, 2223322, 1222111, 3333433, 2222223, 2322223, 4444444, 2223343, 1111111, 2223212, 1211111, 1112111, 1111111, 1111111, 2222221, 2221322, 2222222, 2222221, 2223222, 2212222, 1111111, 1111111, 2322222, 1111111, 1111111, 1121121, 1111111, 3333233, 1111111, 2222222, 2223232, 4334343, 2212232, 2323233, 3333432, 1111111, 1111111, 1212111, 2322222, 1211111, 2222222];
  const BY = [0, 0, 0, 1, 2, 3, 4], FOUR = [1, 2, 3, 4];
  const parts = (list) => list.map((v) => (sum(list) ? v / sum(list) : 1 / 4));
  const row = (n) => [...`${n}`.padStart(7, 0)].map(Number);
  const said = (list, l) => list.filter((v) => v === l).length;

  const eStep = (opinions, { weights, confusion }) => EM.posterior(opinions.map((n) => weights.map((w, k) =>
    row(n).reduce((total, l, m) => total + (l && Math.log(confusion[k][BY[m]][l - 1])), Math.log(w)))));
  const mStep = (opinions, r) => ({
    weights: parts(EM.columns(r).map(sum)),
    confusion: FOUR.map((_, k) => [0, 1, 2, 3, 4].map((j) => parts(FOUR.map((l) =>
      sum(opinions.map((n, i) => r[i][k] * said(row(n).filter((_, m) => BY[m] === j), l))))))),
  });
  const which = (s) => s.data.patient[0] - 1;
  const its = (s) => s.data.opinions[which(s)];
  const stale = (s) => s.shared && !s.fresh;
  // The classes of the patient shown: of the last E-step, or what the guess makes of the opinions.
  const shown = (s) => {
    try {
      return s.shared ? s.shared.responsibilities[which(s)] : eStep([its(s)], s.params).responsibilities[0];
    } catch {
      return [0, 0, 0, 0]; // impossible
    }
  };

  EM.views.opinion = {
    label: "Opinions on a patient",
    data: { opinions: OPINIONS, patient: [2] },
    params: mStep(OPINIONS, OPINIONS.map((n) => parts(FOUR.map((l) => said(row(n), l))))),
    options: {},
    takes: "opinions of 1 to 7 digits from 0 to 4, and rows of chances that add up to 1",
    fits: ({ data: { opinions, patient }, params: { weights, confusion } }) =>
      opinions.every((n) => /^[0-4]{1,7}$/.test(n)) && opinions[patient - 1] >= 0 &&
      weights.length === 4 && EM.weighty(weights) && confusion.every((rows) => rows.length === 5 &&
      rows.every((row) => row.length === 4 && EM.weighty(row))),
    collapse: (error, s) => error.message.replace(/Observation (\d+).*/, (_, n) => `Patient ${n} is impossible in every class: ` +
      "an observer of whom the guess says that he never errs there did. Press an opinion again to take it away, or start again."),
    share: (s) => eStep(s.data.opinions, s.params),
    estimate: (s) => mStep(s.data.opinions, s.shared.responsibilities),
    tell(s) {
      const old = stale(s), of = old ? s.params.weights : shown(s);
      return `${old ? "All patients" : `Patient ${s.data.patient}`}: ${sum(of)
        ? of.map((r, k) => `class ${k + 1} ${num(r, 3)}`).join(", ") : "impossible in every class"}.`;
    },

    build(play) {
      // A line: words, then a cell for each class.
      function line(text, cell) {
        const node = make("div", { class: "row", role: "group", "aria-label": text }, play.stage);
        make("span", { text, class: "count two" }, node);
        const cells = make("div", { class: "cells" }, node);
        return FOUR.map((l) => cell(cells, l));
      }
      const box = play.number("Patient", make("label", { text: "Patient " }, play.stage), (v) => ({ data: { patient: [Math.round(v)] } }), 1, 45);
      const bars = line("Posterior", (cells, l) => make("div", { class: `cell part ${EM.LETTERS[l - 1]}` }, cells));
      const buttons = BY.map((j, m) => line(`Observer ${j + 1}`, (cells, l) => make("button", {
        type: "button", class: "cell", text: l,
        onclick() {
          const s = play.state, now = row(its(s));
          now[m] = now[m] === l ? 0 : l;
          play.edit({ data: { opinions: put(s.data.opinions, which(s), +now.join("")) } });
        },
      }, cells)));

      return function draw(s) {
        EM.fill(box, which(s) + 1);
        set(play.stage, { class: `stage ${stale(s) ? "stale" : ""}` });
        shown(s).forEach((r, k) => {
          set(bars[k], { text: `${k + 1}: ${num(r, 3)}`, style: `--of:${r}` });
          buttons.forEach((line, m) => {
            const on = row(its(s))[m] === k + 1;
            set(line[k], { "aria-pressed": on, class: on ? "cell primary" : "cell" });
          });
        });
      };
    },
  };
}
