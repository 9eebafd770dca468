// What is done to the text of a program. Nothing here knows of a page.
"use strict";

// A change, given as the lines of a diff, made in a text: null where the text no longer
// has the lines that it replaces.
function withChange(text, diff) {
  let now = `\n${text}`, at = 0;
  for (const [, gone, come] of `${diff}\n`.matchAll(/((?:^-.*\n)+)((?:^\+.*\n)*)/gm)) {
    const [old, made] = [gone, come].map((lines) => `\n${lines.replace(/^[-+]/gm, "")}`);
    at = now.indexOf(old, at);
    if (at < 0) return null;
    now = now.slice(0, at) + made + now.slice(at + old.length);
    at += made.length - 1;
  }
  return now.slice(1);
}

const assignment = (name) => new RegExp(`^${name} *= *(?!=)`, "m");

// A text whose first assignment to `name` gives it this value: null where there is none.
function withValue(text, name, value) {
  const found = assignment(name).exec(text);
  if (!found) return null;
  const from = found.index + found[0].length;
  const tokens = /#.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[([{]|[)\]}]|\n|$/g;
  tokens.lastIndex = from;
  let depth = 0, token;
  do {
    token = tokens.exec(text);
    if ("([{".includes(token[0][0])) depth++;
    if (")]}".includes(token[0][0])) depth--;
  } while (token[0] && (depth > 0 || !"#\n".includes(token[0][0])));
  const comment = token[0][0] === "#" ? "  " : "";
  return text.slice(0, from) + asPython(value) + comment + text.slice(token.index);
}

function asPython(value) {
  if (!Array.isArray(value)) return String(value);
  const numbers = JSON.stringify(value).replaceAll(",", ", ");
  if (numbers.length < 60) return `np.array(${numbers})`;
  return `np.array(\n    ${numbers.replace(/(.{1,68}), /g, "$1,\n    ")}\n)`;
}

// Where the lines of a half-step are, E or M: the first of them, and how many.
function halfStep(text, half) {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.includes(`# ${half}-step`));
  if (from < 0) return null;
  const depth = (line) => line.search(/\S/);
  let to = from + 1;
  while (to < lines.length && !/# [EM]-step/.test(lines[to]) && (!lines[to].trim() || depth(lines[to]) >= depth(lines[from])))
    to++;
  while (!lines[to - 1].trim()) to--;
  return { from, lines: to - from };
}

// A program in an address: compressed, in letters that an address may have.
async function packed(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let got, size = 0; !(got = await reader.read()).done; ) {
    parts.push(got.value);
    if ((size += got.value.length) > 1e5) throw new RangeError("too long for a program");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
