// What Material leaves to us on every page.
"use strict";

// It puts each copy button, as it comes into sight, into a landmark of its own, all of
// one name. A screen reader's list of landmarks is no place for them.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])"))
    nav.setAttribute("role", "none");
  // And a table that scrolls sideways into a box that no key can reach.
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}).observe(document.body, { childList: true, subtree: true });

// On paper nothing unfolds: solutions and sources are printed open, then folded again.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("article details:not([open], .cite)")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});
