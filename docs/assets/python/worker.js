// Python, beside the page. The build puts before this what is to be fetched (FILES, by
// what needs them; OURS, the site's own wheels) and the program that runs blocks (RUNNER).
"use strict";

const sources = new Map(Object.values(FILES).flat().map((file) => [file.name, file]));
const contents = new Map(); // name -> promise of the file's bytes, checked
const weight = { got: 0, all: 0 };
const plain = fetch;
let base, site, python, run, told;
let turn = Promise.resolve();

onmessage = ({ data }) => {
  turn = turn.then(() => answer(data));
};

async function answer({ id, blocks, wanted, ...where }) {
  ({ base, site } = where);
  const tell = (...what) => postMessage([id, ...what.map((one) => one?.toJs?.() ?? one)]);
  try {
    await ready(needs(blocks.map(([, source]) => source).join("\n")), tell);
  } catch (error) {
    const network = navigator.onLine ? "" : " without a network";
    return tell("lost", `Python could not be fetched${network}. (${error.message})`);
  }
  tell("say", "It runs.");
  try {
    const values = run(JSON.stringify(blocks), tell, JSON.stringify(wanted));
    if (values) tell("done", values);
  } catch (error) { // not the reader's error: Python itself is gone
    const why = String(error.message).trim().split("\n").at(-1);
    tell("lost", `Python broke down: ${why}. The next run starts it anew.`);
  }
}

function needs(text) {
  const asked = (name) => RegExp(`(?:^|;)[ \\t]*(?:import|from)\\b.*\\b${name}\\b`, "m").test(text);
  const em = asked("em") || asked("attrs?");
  return {
    python: true,
    scipy: em || asked("scipy"),
    matplotlib: asked("matplotlib") || asked("em\\.figures"),
    em,
  };
}

const arrived = new Set();

async function ready(needed, tell) {
  const groups = Object.keys(needed).filter((group) => needed[group] && !arrived.has(group));
  if (!groups.length) return;
  const size = () => `Python is coming, about ${Math.round(weight.all / 1e6)} MB, once`;
  told = () => tell("say", weight.got < weight.all - 1 ? `${size()}: ${(weight.got / 1e6).toFixed(1)} MB` : "Python starts.");
  const files = groups.flatMap((group) => (group === "em" ? OURS : FILES[group]));
  weight.got = weight.all = 0;
  for (const file of files) weight.all += file.zipped ?? file.size;
  tell("say", `${size()}.`, true);
  // Where a file of its own fails, Pyodide waits for ever; where a package's, it goes on.
  const all = Promise.all(files.map(content));
  all.catch(() => {}); // told by whoever waits for it
  if (!python) {
    await Promise.all(FILES.python.map(content));
    for (const name of ["pyodide.js", "pyodide.asm.js"]) importScripts(URL.createObjectURL(new Blob([await contents.get(name)])));
    self.fetch = fetched;
    python = await loadPyodide({ indexURL: base });
  }
  await all;
  const names = { python: ["numpy"], scipy: ["scipy"], matplotlib: ["matplotlib"], em: [] };
  await python.loadPackage(groups.flatMap((group) => names[group]), { messageCallback() {} });
  for (const { name } of needed.em && !arrived.has("em") ? OURS : []) python.unpackArchive(await contents.get(name), "wheel");
  if (!run) {
    const names = python.globals.get("dict")();
    python.runPython(RUNNER, { globals: names, filename: "runner.py" });
    run = names.get("run");
  }
  for (const group of groups) arrived.add(group);
  contents.clear();
}

// A file's bytes: counted as they come, and those that the build knows, or none.
function content(file) {
  const { name, size, zipped = size, sha256, path } = file;
  if (!contents.has(name)) contents.set(name, (async () => {
    const answer = await plain(path ? new URL(path, site) : base + name);
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
    const parts = [], reader = answer.body.getReader();
    for (let got; !(got = await reader.read()).done; ) {
      parts.push(got.value);
      weight.got += (got.value.length / size) * zipped;
      told();
    }
    const bytes = await new Blob(parts).arrayBuffer();
    const sum = crypto.subtle && new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = sum && Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex && hex !== sha256) throw new Error(`${name} is not the file that was tested`);
    return bytes;
  })());
  return contents.get(name);
}

// What Pyodide asks for is what has been fetched.
async function fetched(address, options) {
  const name = String(address).split("/").at(-1);
  if (!sources.has(name)) return plain(address, options);
  let bytes = await content(sources.get(name));
  if (name === "pyodide-lock.json") bytes = withoutOthers(bytes);
  const type = name.endsWith("wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(bytes, { headers: { "content-type": type } });
}

// Matplotlib's wheel asks for a package that draws on a page; no program here needs it.
function withoutOthers(bytes) {
  const lock = JSON.parse(new TextDecoder().decode(bytes));
  const known = (name) => sources.has(lock.packages[name]?.file_name);
  for (const one of Object.values(lock.packages)) one.depends = one.depends.filter(known);
  return JSON.stringify(lock);
}
