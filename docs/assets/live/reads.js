// Reads: each fits some of the transcripts; which of them did it come from?
"use strict";
{
  const { num, put, clamp, sum } = EM;
  const NAMES = ["red", "green", "blue", "gold"], LETTERS = "acbd";
  const shares = ({ alpha }) => alpha.map((v) => v / sum(alpha));
  // One share put by hand; the others make room in proportion.
  const share = (s, k, v) => {
    const now = shares(s.params), one = clamp(v, 0, 1), rest = 1 - now[k];
    const alpha = now.map((p, j) => (j === k ? one : (1 - one) * (rest ? p / rest : 1 / (now.length - 1))));
    return { params: { alpha: alpha.map((p) => +p.toFixed(4)) } };
  };
  // A read that fits one transcript more, or one less, but never none.
  const fitting = ({ data: { members } }, i, k) => {
    const others = members[i].filter((t) => t !== k);
    const row = others.length < members[i].length ? others : [...others, k].sort();
    return row[0] >= 0 && { data: { members: put(members, i, row) } };
  };

  EM.views.reads = {
    label: "Reads of transcripts",
    data: { members: [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]], counts: [1, 1, 1, 1, 1], lengths: [1, 1, 1] },
    params: { alpha: [1 / 3, 1 / 3, 1 / 3] },
    options: {},
    acts: {
      "Break it": {
        "No red": (s) => share(s, 0, 0),
        "No blue": (s) => share(s, 2, 0),
      },
    },
    fields: (s) => shares(s.params).map((p, k) => [`Share of ${NAMES[k]}`, +p.toFixed(5), (v) => share(s, k, v), 0, 1]),
    takes: "2 to 4 transcripts, reads that fit at least one, and counts from 1 to 999",
    fits: ({ data: { members, counts, lengths }, params: { alpha } }) =>
      members.every((row) => row.length && row.every((t, i) => Object.hasOwn(lengths, t) && row.indexOf(t) === i)) && EM.counted(counts) && Math.min(...counts) > 0 && Math.min(...lengths) >= 1e-3 &&
      lengths.length > 1 && lengths.length < 5 && Math.min(...alpha) >= 0 && sum(alpha) > 1e-9,
    share: (s) => EM.reads.eStep(s.data, s.params.alpha),
    estimate: (s) => ({ alpha: EM.reads.mStep(s.data, s.shared.responsibilities) }),
    tell: (s) => s.fresh
      ? `The abundances stay. ${sum(s.data.counts)} reads are credited: ${EM.reads.mStep(s.data, s.shared.responsibilities)
        .map((n, k) => `${num(n, 3)} to ${NAMES[k]}`).join(", ")}.`
      : `${shares(s.params).map((p, k) => `${NAMES[k]} ${num(p, 5)}`).join(", ")}.`,

    build(play) {
      const line = EM.line(play, {
        label: (k) => `Share of ${NAMES[k]}`, name: (k) => NAMES[k], values: shares, change: share, lane: 44, letters: LETTERS,
      });
      const table = EM.table(play, { counts: "reads" }, { counts: 1, members: [0, 1] }, {
        letters: LETTERS, least: 1, press: (i, k) => fitting(play.state, i, k),
      });
      return function draw(s) {
        const { members, counts, lengths } = s.data, all = sum(counts);
        const r = s.shared?.responsibilities, totals = r && EM.reads.mStep(s.data, r);
        const part = (i, t) => (r ? counts[i] * r[i][members[i].indexOf(t)] || 0 : 0);
        line(s);
        const rows = table(s, members.map((row, i) => lengths.map((_, t) =>
          [row.includes(t) ? (r ? num(part(i, t)) : "fits") : "", part(i, t)])),
        lengths.map((_, t) => [`to ${NAMES[t]}`]),
        lengths.map((_, t) => [r ? EM.quotient(totals[t], all, s) : "–", r ? totals[t] : 0]),
        Math.max(...counts), all);
        members.forEach((row, i) => [...rows.children[i].querySelectorAll(".cell")].forEach((cell, t) =>
          EM.set(cell, { "aria-pressed": `${row.includes(t)}`, "aria-label": `fits ${NAMES[t]}: ${num(part(i, t))}` })));
      };
    },
  };
}
