// What Material leaves to us on every page.
"use strict";

// It puts each copy button, as it comes into sight, into a landmark of its own, all of
// one name. A screen reader's list of landmarks is no place for them. And a button keeps
// its name while a tooltip is seen, for which Material takes its title away.
new MutationObserver((changes) => {
  // A figure at play changes at every frame, and holds none.
  if (changes.every(({ target }) => target.closest("figure"))) return;
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])"))
    nav.setAttribute("role", "none");
  for (const button of document.querySelectorAll(".md-code__button[title]:not([aria-label])"))
    button.setAttribute("aria-label", button.title);
}).observe(document.body, { childList: true, subtree: true });
// "Copied to clipboard" is said, too.
document.querySelector(".md-dialog")?.setAttribute("role", "status");

// And a table that scrolls sideways stands in a box that no key can reach.
const wide = new ResizeObserver((all) => {
  for (const { target } of all)
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
});
for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) wide.observe(box);

// Code that need not scroll needs no key: Material takes its place among what Tab reaches
// when it comes into sight, which may be when it has the focus.
for (const code of document.querySelectorAll(":is(.language-diff, .output) code[tabindex]"))
  if (code.scrollWidth <= code.clientWidth) code.removeAttribute("tabindex");

// Programs in R: on every page once one was asked for. What changes the program in Python
// shows that one.
const inR = document.querySelector(".in-r");
if (inR) {
  const key = "em:program-in-r";
  try {
    inR.open = localStorage.getItem(key) === "yes" && !location.hash.includes("python-");
    inR.addEventListener("toggle", () => localStorage.setItem(key, inR.open ? "yes" : "no"));
  } catch {} // a browser that keeps nothing
  const inPython = () => (inR.open = false);
  document.addEventListener("em:numbers", inPython, true);
  for (const button of document.querySelectorAll(".make button"))
    button.addEventListener("click", inPython, true);
}

// On paper nothing unfolds: sources are printed open, and solutions and replies, where
// they do not stand under the eyes of who tries, at the end. Then all goes back.
const folds = [...document.querySelectorAll("article details")].filter(
  (fold) => !fold.matches(".cite, .in-r, .doc details, figure details"),
);
const end = document.createElement("section");
end.innerHTML = "<h2>Solutions</h2>";
let undo = [];

function paragraph(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}

function toTheEnd(part, number) {
  const summary = part.querySelector(":scope > summary");
  const words = summary ? summary.textContent : "Answers";
  const mark = paragraph(`${words}: number ${number} at the end.`);
  const title = summary ?? paragraph("");
  title.textContent = `${number}. ${words}`;
  if (!summary) part.prepend(title);
  part.replaceWith(mark);
  end.append(part);
  undo.push(() => {
    if (summary) summary.textContent = words;
    else title.remove();
    mark.replaceWith(part);
  });
}

addEventListener("beforeprint", () => {
  const answers = folds
    .filter((fold) => !fold.matches(".source"))
    .map((fold) => fold.closest(".replies") ?? fold);
  [...new Set(answers)].forEach((part, i) => toTheEnd(part, i + 1));
  if (answers.length) document.querySelector("article").append(end);
  for (const fold of folds.filter((one) => !one.open)) {
    fold.open = true;
    undo.push(() => (fold.open = false));
  }
});
addEventListener("afterprint", () => {
  for (const back of undo) back();
  undo = [];
  end.remove();
});

// A picture of the whole page, or a copy that is kept, wants all of it: what was out of
// sight, and so not drawn, is drawn once there is nothing else to do.
const undrawn = [...document.querySelectorAll('article pre[style*="--lines"], figure svg')];
function drawSome() {
  for (const one of undrawn.splice(0, 4)) one.style.contentVisibility = "visible";
  if (undrawn.length) whenIdle(drawSome);
}
const whenIdle = window.requestIdleCallback ?? ((call) => setTimeout(call, 200));
addEventListener("load", () => whenIdle(drawSome));
