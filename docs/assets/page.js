// What Material leaves to us on every page.
"use strict";

// It puts each copy button, as it comes into sight, into a landmark of its own, all of
// one name. A screen reader's list of landmarks is no place for them.
new MutationObserver((changes) => {
  // A figure at play changes at every frame, and holds none.
  if (changes.every(({ target }) => target.closest("figure"))) return;
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])"))
    nav.setAttribute("role", "none");
}).observe(document.body, { childList: true, subtree: true });

// And a table that scrolls sideways stands in a box that no key can reach.
const wide = new ResizeObserver((all) => {
  for (const { target } of all)
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
});
for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) wide.observe(box);

// On paper nothing unfolds: sources are printed open, and solutions, where they do not
// stand under the eyes of who tries the exercise, at the end. Then all goes back.
const folds = [...document.querySelectorAll("article details:not(.cite, .doc details)")];
const end = document.createElement("section");
end.innerHTML = "<h2>Solutions</h2>";
let undo = [];

function toTheEnd(fold, number) {
  const summary = fold.querySelector("summary");
  const words = summary.textContent;
  const mark = document.createElement("p");
  mark.textContent = `${words}: number ${number} at the end.`;
  summary.textContent = `${number}. ${words}`;
  fold.replaceWith(mark);
  end.append(fold);
  undo.push(() => {
    summary.textContent = words;
    mark.replaceWith(fold);
  });
}

addEventListener("beforeprint", () => {
  const solutions = folds.filter((fold) => !fold.matches(".source"));
  solutions.forEach((fold, i) => toTheEnd(fold, i + 1));
  if (solutions.length) document.querySelector("article").append(end);
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

// A report of a mistake names the section that is being read.
document.querySelector(".mistake a")?.addEventListener("click", ({ currentTarget }) => {
  const above = [...document.querySelectorAll("article :is(h1, h2, h3)[id]")].filter(
    (heading) => heading.getBoundingClientRect().top < innerHeight / 2,
  );
  const link = new URL(currentTarget.href);
  link.searchParams.set("section", above.at(-1)?.id ?? "");
  currentTarget.href = link;
});
