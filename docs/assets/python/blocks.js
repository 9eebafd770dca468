// The blocks of code on this page: a bar of buttons, what they print, changes, choices.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const PAGE = location.pathname.split("/").at(-1).replace(/\.html$/, "") || "index";
const MB = (bytes) => (bytes / 1e6).toFixed(1);
const spoken = document.createElement("div");
spoken.className = "hidden-words";
spoken.setAttribute("role", "status");
document.body.append(spoken);

const BAR = `<div class="bar"><button type="button" name="run">Run</button>
<button type="button" name="stop" hidden>Stop</button>
<button type="button" name="reset" hidden>As it was</button><span class="state"></span>
<span class="icons"><button type="button" name="copy" aria-label="Copy" title="Copy"></button>
<button type="button" name="save" aria-label="Download .py" title="Download .py"></button>
<button type="button" name="link" aria-label="Link to this version" title="Link to this version"></button></span></div>`;

const blocks = all(".plays").map((element, number) => new Block(element, number));

function Block(element, number) {
  const code = element.querySelector("code"), first = code.textContent;
  const key = `python:${PAGE}:${number}`;
  const alone = element.matches(".program");
  const html = code.innerHTML;
  const block = Object.assign(this, { element, number, alone, original: first, text: () => code.textContent });
  element.insertAdjacentHTML("beforeend", BAR);
  const button = Object.fromEntries(all("button", element).map((one) => [one.name, one]));
  const state = element.querySelector(".state");
  const wake = editable(code, run);
  let band, output, job;

  block.say = (words) => (state.textContent = words);
  block.chain = () => (alone ? [block] : blocks.slice(0, number + 1));

  block.change = (text, words) => {
    wake();
    rewrite(code, text);
    if (words) block.say(words);
  };

  block.show = () => {
    button.run.focus({ preventScroll: true });
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    element.scrollIntoView({ block: "center", behavior });
  };

  // Lines in their colours: the one that failed, or those of a half-step.
  block.mark = (kind, from, lines) => {
    band?.remove();
    if (!lines) return;
    band = Object.assign(document.createElement("i"), { className: `band ${kind}` });
    band.style.setProperty("--from", from);
    band.style.setProperty("--lines", lines);
    code.after(band);
  };

  function changed() {
    const same = block.text() === first;
    button.reset.hidden = same;
    block.mark();
    block.say("");
    try {
      if (same) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify([first, block.text()]));
    } catch {} // a browser that keeps nothing
  }

  function run() {
    if (job) return;
    wake();
    output ??= new Output(element);
    job = ask(block.chain().map((one) => [one.alone && one === block ? "program" : `block ${one.number + 1}`, one.text()]), block.wanted ?? [], hear);
  }

  function hear(kind, ...rest) {
    const say = {
      waits: () => "It waits for its turn.",
      boots: () => "Python is coming, once.",
      begins: () => "",
      coming: (got, size) => `Python is coming, about ${(size / 1e6).toFixed()} MB, once: ${MB(got)} of ${MB(size)} MB`,
      unpacks: () => "Python is being unpacked.",
      runs: () => "It runs.",
      stopped: (anew) => (anew ? "Stopped. The next run starts Python anew." : "Taken back."),
      lost: (why) => `Python could not be fetched${navigator.onLine ? "" : " without a network"}. ${why}`,
      broken: (why) => `Python broke down: ${why}. The next run starts it anew.`,
      done: () => "",
      failed: () => "",
    }[kind];
    if (say) block.say(say(...rest));
    if (kind === "waits") begin();
    else if (kind === "coming" && !rest[0]) spoken.textContent = state.textContent;
    else if (kind === "out" || kind === "note") output.add(rest[0], kind);
    else if (kind === "picture") output.picture(...rest);
    else if (kind === "failed") fail(...rest);
    if (/done|failed|stopped|lost|broken/.test(kind)) end(kind, ...rest);
  }

  function begin() {
    block.mark();
    element.classList.remove("failed");
    button.stop.hidden = false;
    button.run.hidden = true;
    if (document.activeElement === button.run) button.stop.focus();
    output.begin();
  }

  function fail(text, name, line) {
    const other = name && blocks[Number(name.slice(6)) - 1];
    const before = name !== "program" && other !== block;
    const words = before && other ? `Block ${other.number + 1}, further up, failed; so this one did not run.\n` : "";
    output.add(words + text, "wrong");
    element.classList.add("failed");
    if (line) (before && other ? other : block).mark("wrong", line - 1, 1);
  }

  function end(kind, values) {
    const back = document.activeElement === button.stop;
    job = undefined;
    button.stop.hidden = true;
    button.run.hidden = false;
    if (back) button.run.focus();
    output.end(kind === "done");
    const printed = output.text().trim();
    const begins = printed.length > 600 ? `${printed.slice(0, 600)} … and more` : printed;
    spoken.textContent = `${kind === "failed" ? "It failed." : state.textContent} ${begins}`;
    if (kind === "done" && values && block.wanted?.length)
      document.dispatchEvent(new CustomEvent("em:ran", { detail: { values: JSON.parse(values) } }));
  }

  button.run.onclick = run;
  button.stop.onclick = () => job && stop(job);
  button.reset.onclick = () => {
    block.change(first);
    if (!job) output?.back();
    element.classList.remove("failed");
    button.run.focus();
  };
  button.copy.onclick = () => copy(block.text(), "Copied.");
  button.save.onclick = () => {
    const text = block.chain().map((one) => one.text().trimEnd()).join("\n\n\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text, "\n"], { type: "text/x-python" }));
    link.download = alone ? `${PAGE}.py` : `${PAGE}-${number + 1}.py`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  button.link.onclick = async () => {
    const mine = `python-${number + 1}:`;
    const others = location.hash.slice(1).split("/").filter((part) => part.includes(":") && !part.startsWith(mine));
    const hash = `#${[...others, mine + (await packed(block.text()))].join("/")}`;
    history.replaceState(null, "", hash);
    copy(location.href, "A link to this version is copied.");
  };
  function copy(text, words) {
    navigator.clipboard.writeText(text).then(
      () => (spoken.textContent = block.say(words)),
      () => block.say("The browser does not let this page copy."),
    );
  }

  code.addEventListener("input", changed);

  try {
    const [was, kept] = JSON.parse(sessionStorage.getItem(key)) ?? [];
    if (was === first) fresh(kept);
  } catch {}

  // A text from elsewhere, with which the page begins: nothing of it was typed here.
  function fresh(text) {
    code.textContent = text;
    wake();
    code.dispatchEvent(new Event("input"));
  }
  block.open = async () => {
    const part = location.hash.slice(1).split("/").find((one) => one.startsWith(`python-${number + 1}:`));
    if (!part) return;
    try {
      const text = await unpacked(part.split(":")[1]);
      if (text === block.text()) return;
      fresh(text);
      block.say("It came with the link. Nothing runs before you press Run.");
    } catch {
      block.say("The program in this link cannot be read.");
    }
    element.scrollIntoView({ block: "center" });
  };

  // On paper a block is as it was.
  addEventListener("beforeprint", () => {
    if (block.text() === first && !output) return;
    const now = block.text();
    const back = output?.back();
    code.innerHTML = html;
    addEventListener("afterprint", () => {
      code.textContent = now;
      code.dispatchEvent(new Event("input"));
      back?.();
    }, { once: true });
  });
}

// What a block prints: in the place of what it printed when the page was made.
function Output(element) {
  const next = element.nextElementSibling;
  let box = next?.matches(".output") && next;
  if (!box) {
    box = document.createElement("div");
    box.className = "language-text output highlight";
    box.innerHTML = "<pre><code tabindex=0></code></pre>";
    box.hidden = true;
    element.after(box);
  }
  const code = box.querySelector("code"), was = [...code.childNodes];
  const absent = box.hidden; // it printed nothing then
  let pictures = [], waiting = [], old = false, frame;

  function clear() {
    if (!old) return;
    old = false;
    code.textContent = "";
    for (const picture of pictures.splice(0)) picture.remove();
  }
  function flush() {
    cancelAnimationFrame(frame);
    frame = undefined;
    if (!waiting.length) return;
    clear();
    box.hidden = false;
    for (const [text, kind] of waiting.splice(0)) {
      const last = code.lastChild;
      if (kind === "out" && last?.nodeType === 3) last.appendData(text);
      else if (kind === "out") code.append(text);
      else code.append(Object.assign(document.createElement("span"), { className: kind, textContent: text }));
    }
  }
  Object.assign(this, {
    text: () => code.textContent,
    begin() {
      old = true;
      box.classList.add("ran");
      code.style.minHeight = `${code.offsetHeight}px`; // what follows does not jump
    },
    add(text, kind) {
      waiting.push([text, kind]);
      frame ??= requestAnimationFrame(flush);
    },
    picture(words, png) {
      flush();
      clear();
      const image = new Image();
      image.alt = words;
      image.src = URL.createObjectURL(new Blob([png], { type: "image/png" }));
      box.hidden = false;
      box.append(image);
      pictures.push(image);
    },
    end(well) {
      flush();
      clear();
      if (well && !code.textContent && !pictures.length) code.append(Object.assign(document.createElement("span"), { className: "note", textContent: "It ran, and printed nothing." }));
      box.hidden = !code.textContent && !pictures.length;
      code.style.minHeight = "";
    },
    back() {
      const now = [...code.childNodes], shown = pictures;
      const { hidden } = box;
      code.replaceChildren(...was);
      for (const picture of shown) picture.hidden = true;
      box.hidden = absent;
      return () => {
        code.replaceChildren(...now);
        for (const picture of shown) picture.hidden = false;
        box.hidden = hidden;
      };
    },
  });
}

// Changes under a program.
for (const change of all(".change")) {
  const make = change.querySelector(".make button");
  const program = blocks.filter((one) => one.alone && one.element.compareDocumentPosition(change) & 4).at(-1);
  if (!make || !program) continue;
  const diff = change.querySelector(".language-diff code").textContent;
  make.onclick = () => makeChange(program, diff);
}

function makeChange(program, diff) {
  const now = program.text(), own = now !== program.original && now !== program.made;
  const change = withChange(program.original, diff);
  program.change(change, own ? "Made in the program as it was. Undo, in it, brings yours back." : "The change is made.");
  program.made = change;
  program.show();
}

// Choices: what is said to the answer that was chosen.
for (const choice of all(".choices")) {
  const answers = all("input", choice), replies = all(".replies > details", choice);
  choice.addEventListener("change", () => {
    replies.forEach((reply, i) => (reply.open = answers[i].checked));
  });
}

// Figures: the page's program takes their numbers, and gives them its own.
const given = (names) => blocks.find((one) => one.alone && names.every((name) => assignment(name).test(one.text())));
document.addEventListener("em:wants", ({ detail: { names } }) => {
  const program = given(names);
  if (program) program.wanted = [...new Set([...(program.wanted ?? []), ...names])];
});
document.addEventListener("em:numbers", ({ detail: { values } }) => {
  const program = given(Object.keys(values));
  if (!program) return;
  const text = Object.entries(values).reduce((now, [name, value]) => withValue(now, name, value), program.text());
  program.change(text, "The figure's numbers are in the program.");
  program.show();
});
document.addEventListener("em:half", ({ detail: { half } }) => {
  for (const program of blocks.filter((one) => one.alone)) {
    const found = halfStep(program.text(), half);
    if (found) program.mark("half", found.from, found.lines);
  }
});

const opened = () => blocks.forEach((block) => block.open());
addEventListener("hashchange", opened);
opened();
