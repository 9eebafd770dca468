// A block of code that one can write in. It is one text in an element that the browser
// itself lets one edit, so undo, caret and screen reader stay the browser's own; colours
// lie over it (CSS Custom Highlights) and leave the text alone.
"use strict";

const TOKENS = /(#.*)|("""[^]*?"""|'''[^]*?'''|[rfb]*"(?:\\.|[^"\\\n])*"|[rfb]*'(?:\\.|[^'\\\n])*')|(?<=\b(?:def|class) )(\w+)|\b(and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|not|or|pass|raise|return|try|while|with|yield)\b|(?<![.\w])(\d[\d_.]*(?:e[+-]?\d+)?)|(?<!\.)\b(abs|dict|enumerate|float|format|int|len|list|map|max|min|object|print|range|round|set|sorted|str|sum|tuple|zip|\w+Error)\b/g;
const KINDS = ["comment", "string", "name", "keyword", "number", "known"];
const colours = window.Highlight && !matchMedia("(forced-colors: active)").matches && KINDS.map((kind) => {
  const colour = new Highlight();
  CSS.highlights.set(`python-${kind}`, colour);
  return colour;
});

// The place of a letter in an element, whatever number of texts it now consists of.
function place(code, offset) {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let node = code, next;
  while ((next = texts.nextNode())) {
    node = next;
    if (offset <= node.length) break;
    offset -= node.length;
  }
  return node === code ? [code, 0] : [node, Math.min(offset, node.length)];
}

function offset(code, node, at) {
  const range = new Range();
  range.selectNodeContents(code);
  range.setEnd(node, at);
  return range.toString().length;
}

// Where the selection begins and ends, in letters from the start.
function selection(code) {
  const all = getSelection();
  if (!code.contains(all.anchorNode)) return [0, 0];
  const { startContainer, startOffset, endContainer, endOffset } = all.getRangeAt(0);
  return [offset(code, startContainer, startOffset), offset(code, endContainer, endOffset)];
}

function select(code, from, to) {
  getSelection().setBaseAndExtent(...place(code, from), ...place(code, to));
}

// Writes as a hand would, so that undo takes it back.
function write(code, from, to, text) {
  if (from === to && !text) return;
  code.focus({ preventScroll: true });
  select(code, from, to);
  document.execCommand(text ? "insertText" : "delete", false, text);
}

function rewrite(code, wanted) {
  const now = code.textContent;
  let from = 0, end = 0;
  const shorter = Math.min(now.length, wanted.length);
  while (from < shorter && now[from] === wanted[from]) from++;
  while (end < shorter - from && now.at(-1 - end) === wanted.at(-1 - end)) end++;
  write(code, from, now.length - end, wanted.slice(from, wanted.length - end));
  if (code.textContent !== wanted) code.textContent = wanted; // a browser that will not
  code.dispatchEvent(new Event("input"));
}

function indent(code, back) {
  const [from, to] = selection(code), text = code.textContent;
  if (from === to && !back) return write(code, from, to, "    ");
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const stop = (text.indexOf("\n", Math.max(to - 1, start)) + 1 || text.length + 1) - 1;
  const lines = text.slice(start, stop);
  const moved = back ? lines.replace(/^ {1,4}/gm, "") : lines.replace(/^(?=.)/gm, "    ");
  if (moved === lines) return;
  write(code, start, stop, moved);
  if (from !== to) select(code, start, start + moved.length);
  else select(code, ...Array(2).fill(Math.max(start, from + moved.length - lines.length)));
}

function newLine(code) {
  const [from, to] = selection(code);
  const before = code.textContent.slice(0, from).split("\n").at(-1);
  const deeper = /:\s*(#.*)?$/.test(before) ? "    " : "";
  write(code, from, to, `\n${before.match(/^ */)[0]}${deeper}`);
}

function editable(code, run) {
  let writing = false; // else Tab goes on, as everywhere
  let ranges = [];
  let awake = false;

  function paint() {
    if (!colours) return;
    for (const [kind, range] of ranges) colours[kind].delete(range);
    ranges = [...code.textContent.matchAll(TOKENS)].map((token) => {
      const kind = token.slice(1).findIndex((found) => found !== undefined);
      const range = new Range();
      range.setStart(...place(code, token.index));
      range.setEnd(...place(code, token.index + token[0].length));
      colours[kind].add(range);
      return [kind, range];
    });
  }

  // Until one comes near, the colours are those of the build.
  function wake() {
    if (awake) return;
    awake = true;
    code.textContent = code.textContent;
    paint();
  }

  code.contentEditable = "plaintext-only";
  if (code.contentEditable !== "plaintext-only") code.contentEditable = "true";
  const attributes = {
    role: "textbox", "aria-multiline": true, spellcheck: false, translate: "no",
    autocapitalize: "off", autocorrect: "off",
    "aria-label": "Python program. Control and Enter run it. Escape, then Tab, leaves it.",
  };
  for (const [name, value] of Object.entries(attributes)) code.setAttribute(name, value);

  for (const kind of ["pointerover", "touchstart", "focus"])
    code.addEventListener(kind, wake, { passive: true });
  code.addEventListener("pointerdown", () => (writing = true));
  code.addEventListener("blur", () => (writing = false));
  code.addEventListener("input", paint);
  code.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
    else if (event.key === "Tab" && writing) indent(code, event.shiftKey);
    else {
      if (event.key === "Escape") writing = false;
      else if (!/Tab|Shift|Control|Alt|Meta/.test(event.key)) writing = true;
      return;
    }
    event.preventDefault();
  });
  code.addEventListener("beforeinput", (event) => {
    if (/^insert(Line|Par)/.test(event.inputType)) {
      event.preventDefault();
      newLine(code);
    } else if (/Paste/.test(event.inputType) && event.dataTransfer) {
      event.preventDefault();
      write(code, ...selection(code), event.dataTransfer.getData("text/plain").replaceAll("\r", ""));
    }
  });
  return wake;
}
