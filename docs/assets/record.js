// Which exercises of this page are solved: kept in this browser, and nowhere else.
"use strict";
{
  const KEY = "exercises";
  const place = document.querySelector(".record");
  const made = (tag, what) => Object.assign(document.createElement(tag), what);

  // Each exercise: its title, the block to answer in, and what was last said to it.
  const exercises = [...document.querySelectorAll("article h3[id^=exercise-]")].map((head) => {
    let block = head;
    while (block && !block.matches(".plays")) block = block.nextElementSibling;
    const title = head.childNodes[0].textContent.trim();
    const tick = made("span", { className: "solved", textContent: " ✓", hidden: true, title: "solved" });
    tick.setAttribute("role", "img"); // a name is read out of what has a role
    tick.setAttribute("aria-label", "solved");
    head.append(tick);
    return { title, block, tick, said: reply(block) };
  });

  function reply(block) {
    const output = block.nextElementSibling;
    return (output?.matches(".output") && output.textContent.match(/^(?:Right|Not yet)\..*$/gm)?.at(-1)) || "";
  }

  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return found && typeof found === "object" ? found : {};
    } catch {
      return {}; // nothing is kept here
    }
  }

  function keep(record) {
    try {
      if (record) localStorage.setItem(KEY, JSON.stringify(record));
      else localStorage.removeItem(KEY);
    } catch {}
    show(record ?? {});
  }

  // A run writes into the page; what it says to an answer is what counts.
  function look() {
    let record;
    for (const one of exercises) {
      const said = reply(one.block);
      if (said === one.said) continue;
      one.said = said;
      if (!said) continue;
      record ??= kept();
      const { right, tries = 0, answer } = record[one.title] ?? {};
      if (right) continue; // the first right answer stays
      record[one.title] = {
        right: said.startsWith("Right"), tries: tries + 1, answer: one.block.querySelector("code").textContent.trim(),
        on: minute(),
      };
    }
    if (record) keep(record);
  }

  const minute = () => new Date().toISOString().slice(0, 16).replace("T", " ");
  const times = (n) => `${n} ${n === 1 ? "try" : "tries"}`;
  const mark = ({ right, tries, on } = {}) => (!tries ? "not tried" : `${right ? "right" : "not yet right"}, ${times(tries)}, ${on}`);

  function text(record) {
    const lines = exercises.flatMap(({ title }) => {
      const one = record[title];
      return [`${title}: ${mark(one)}`, ...(one ? one.answer.split("\n").map((line) => `    ${line}`) : [])];
    });
    return ["Expectation Maximisation, exercises", minute(), count(record), "", ...lines, ""].join("\n");
  }

  const count = (record) => `${exercises.filter(({ title }) => record[title]?.right).length} of ${exercises.length} right`;

  function show(record) {
    for (const { title, tick } of exercises) tick.hidden = !record[title]?.right;
    told.textContent = `${count(record)}.`;
    all.textContent = text(record);
  }

  const told = made("p", {});
  const bar = made("p", { className: "make" });
  const copy = made("button", { type: "button", textContent: "Copy the record" });
  const clear = made("button", { type: "button", textContent: "Clear it" });
  const fold = made("details", {}), all = made("pre", { tabIndex: 0 });
  told.setAttribute("role", "status");
  copy.onclick = () => navigator.clipboard.writeText(all.textContent).then(
    () => (told.textContent = "Copied."),
    () => {
      fold.open = true;
      told.textContent = "The browser did not copy it. Here it is.";
    },
  );
  clear.onclick = () => keep(null);
  bar.append(copy, " ", clear);
  fold.append(made("summary", { textContent: "What is in it" }), all);
  place.replaceChildren(told, bar, fold);
  show(kept());

  let frame;
  new MutationObserver(() => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      look();
    });
  }).observe(document.querySelector("article"), { childList: true, subtree: true, characterData: true });
}
