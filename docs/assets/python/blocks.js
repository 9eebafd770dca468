// The blocks of code on this page: a bar of buttons, what they print, changes, choices.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const PAGE = location.pathname.split("/").at(-1).replace(/\.html$/, "") || "index";
const parts = () => location.hash.slice(1).split("/");
document.body.insertAdjacentHTML("beforeend", '<div class="hidden-words" role="status"></div>');
const spoken = document.body.lastChild;

const made = (tag, what) => Object.assign(document.createElement(tag), what);
const press = (name, words, more = "") => `<button type="button" name="${name}" ${more}>${words}</button>`;
const icon = (name, words) => press(name, "", `aria-label="${words}" title="${words}"`);
const BAR = `<div class="bar">${press("run", "Run")}${press("stop", "Stop", "hidden")}${press("reset", "As it was", "hidden")}${press("show", "Show it in the figure", "hidden")}
<span class="state"></span><span class="icons">${icon("copy", "Copy")}${icon("save", "Download .py")}${icon("link", "Link to this version")}</span></div>`;

const wanted = []; // names that figures ask for
const blocks = all(".plays").map((element, number) => new Block(element, number));

function Block(element, number) {
  const code = element.querySelector("code"), first = code.textContent;
  const key = `python:${PAGE}:${number}`;
  const alone = element.matches(".program");
  const html = code.innerHTML;
  const mine = `python-${number + 1}:`; // its part of an address, beside the figures'
  const block = Object.assign(this, { element, number, alone, original: first, text: () => code.textContent });
  element.insertAdjacentHTML("beforeend", BAR);
  const button = Object.fromEntries(all("button", element).map((one) => [one.name, one]));
  const state = element.querySelector(".state");
  const wake = editable(code, run);
  let band, output, job, since, ran = first, part; // part: what of an address was opened here

  const named = (one) => [one.alone && one === block ? "program" : `block ${one.number + 1}`, one.text()];
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
    band = made("i", { className: `band ${kind}` });
    band.style.setProperty("--from", from);
    band.style.setProperty("--lines", lines);
    code.after(band);
  };

  function changed(event) {
    const same = block.text() === first, old = block.text() !== ran, below = element.nextElementSibling;
    button.reset.hidden = same;
    button.show.hidden = true;
    block.mark();
    if (below?.matches(".output")) below.classList.toggle("stale", old);
    block.say(old ? "Changed since it ran." : "");
    if (event?.detail) return; // it was not written here: what was is kept
    try {
      if (same) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify([first, block.text(), part]));
    } catch {} // a browser that keeps nothing
  }

  function run() {
    if (job) return;
    wake();
    output ??= new Output(element);
    ran = block.text();
    changed();
    begin();
    job = ask(block.chain().map(named), alone ? wanted : [], hear);
  }

  // What comes of a run: `say` is what the bar says, the others are what they are called.
  function hear(kind, one, ...others) {
    if (kind === "say") block.say(one);
    if (one === "It runs.") since = performance.now();
    if (kind === "say" && others[0]) spoken.textContent = one;
    if (/out|note/.test(kind)) output.add(one, kind);
    if (kind === "picture") output.picture(one, ...others);
    if (kind === "failed") fail(one, ...others);
    if (/done|failed|lost/.test(kind)) end(kind, one);
  }

  function begin() {
    block.mark();
    element.classList.remove("failed");
    button.stop.hidden = false;
    button.run.hidden = true;
    block.say("It waits for its turn.");
    if (document.activeElement === button.run) button.stop.focus();
    output.begin();
  }

  function fail(text, name, line) {
    const other = name !== named(block)[0] && blocks[name?.slice(6) - 1];
    if (other) text = `Block ${other.number + 1}, further up, failed.\n${text}`;
    output.add(text, "wrong");
    element.classList.add("failed");
    if (line) (other || block).mark("wrong", line - 1, 1);
    if (other) other.say("It failed here.");
  }

  function end(kind, words) {
    const back = document.activeElement === button.stop;
    job = undefined;
    button.stop.hidden = true;
    button.run.hidden = false;
    if (back) button.run.focus();
    output.end(kind === "done");
    block.say(kind === "lost" ? words : kind === "done" ? `Ran in ${((performance.now() - since) / 1000).toFixed(1)} s.` : "");
    const printed = output.text().trim();
    const begins = printed.length > 600 ? `${printed.slice(0, 600)} … and more` : printed;
    spoken.textContent = `${kind === "failed" ? "It failed." : state.textContent} ${begins}`;
    if (kind !== "done" || !alone) return;
    const values = JSON.parse(words);
    button.show.hidden = !Object.keys(values).length;
    document.dispatchEvent(new CustomEvent("em:ran", { detail: { values } }));
  }

  button.run.onclick = run;
  button.stop.onclick = () => job && stop(job);
  button.show.onclick = () => document.dispatchEvent(new Event("em:show"));
  button.reset.onclick = () => {
    if (!job) {
      output?.back();
      ran = first;
    }
    block.change(first);
    element.classList.remove("failed");
    button.run.focus();
  };
  // At Python's prompt a block ends with an empty line.
  button.copy.onclick = () => copy(`${block.text().trimEnd()}\n\n`, "Copied.");
  button.save.onclick = () => {
    const text = block.chain().map((one) => one.text().trimEnd()).join("\n\n\n");
    const href = URL.createObjectURL(new Blob([text, "\n"]));
    made("a", { href, download: `em-${PAGE}${alone ? "" : `-${number + 1}`}.py` }).click();
  };
  button.link.onclick = async () => {
    const others = parts().filter((one) => one.includes(":") && !one.startsWith(mine));
    part = mine + (await packed(block.text()));
    history.replaceState(null, "", `#${[...others, part].join("/")}`);
    changed();
    copy(location.href, "The link is copied.");
  };
  function copy(text, words) {
    navigator.clipboard.writeText(text).then(
      () => (spoken.textContent = block.say(words)),
      () => block.say("Not copied."),
    );
  }

  code.addEventListener("input", changed);

  try {
    const [was, kept, opened] = JSON.parse(sessionStorage.getItem(key)) ?? [];
    if (was === first) fresh(kept, opened);
  } catch {}

  // A text from elsewhere, with which the page begins: nothing of it was typed here.
  function fresh(text, from) {
    part = from;
    code.textContent = text;
    wake();
    code.dispatchEvent(new CustomEvent("input", { detail: 1 }));
  }
  block.open = async () => {
    const found = parts().find((one) => one.startsWith(mine));
    if (!found) return;
    if (found !== part) try {
      fresh(await unpacked(found.slice(mine.length)), found);
      block.say("It came with the link. Press Run.");
    } catch {
      block.say("This link cannot be read.");
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
    const className = "language-text output highlight", innerHTML = "<pre><code tabindex=0></code></pre>";
    element.after((box = made("div", { className, innerHTML, hidden: true })));
  }
  const pre = box.querySelector("pre"), code = pre.querySelector("code"), was = [...code.childNodes];
  const absent = box.hidden; // it printed nothing then
  let pictures = [], waiting = [], old = false, frame;

  function clear() {
    if (!old) return;
    old = false;
    box.classList.remove("stale");
    code.textContent = "";
    for (const picture of pictures.splice(0)) picture.remove();
  }
  function flush() {
    cancelAnimationFrame(frame);
    frame = undefined;
    if (!waiting.length) return;
    clear();
    box.hidden = false;
    pre.tabIndex = 0; // where it scrolls, keys must reach it
    for (const [text, kind] of waiting.splice(0)) {
      const last = code.lastChild;
      if (kind === "out" && last?.nodeType === 3) last.appendData(text);
      else if (kind === "out") code.append(text);
      else code.append(made("span", { className: kind, textContent: text }));
    }
  }
  Object.assign(this, {
    text: () => code.textContent,
    begin() {
      old = true;
      box.classList.add("ran", "stale");
      code.style.minHeight = `${code.offsetHeight}px`; // what follows does not jump
    },
    add(text, kind) {
      waiting.push([text, kind]);
      frame ??= requestAnimationFrame(flush);
    },
    picture(words, png) {
      flush();
      clear();
      const image = made("img", { alt: words, src: URL.createObjectURL(new Blob([png])) });
      box.hidden = false;
      box.append(image);
      pictures.push(image);
    },
    end(well) {
      flush();
      clear();
      if (well && !code.textContent && !pictures.length) code.append(made("span", { className: "note", textContent: "It ran, and printed nothing." }));
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
  const program = blocks.filter((one) => one.alone && one.element.compareDocumentPosition(change) & 4).at(-1);
  const diff = change.querySelector(".language-diff code").textContent;
  change.querySelector(".make button").onclick = () => makeChange(program, diff);
}

function makeChange(program, diff) {
  const now = program.text(), own = now !== program.original && now !== program.made;
  const mine = own && withChange(now, diff), change = mine || withChange(program.original, diff);
  program.change(change, own && !mine ? "Made in the original. Ctrl+Z brings yours back." : `The change is made${mine ? " in your version" : ""}. Now run it.`);
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
document.addEventListener("em:wants", ({ detail }) => wanted.push(...detail.names));
document.dispatchEvent(new CustomEvent("em:ready")); // to figures that were here before
document.addEventListener("em:numbers", ({ detail: { values } }) => {
  const program = given(Object.keys(values));
  if (!program) {
    const first = blocks.find((one) => one.alone);
    const lacks = Object.keys(values).find((name) => !assignment(name).test(first.text()));
    first.show();
    return first.say(`Not put: no line here begins with ${lacks} =.`);
  }
  const text = Object.entries(values).reduce((now, [name, value]) => withValue(now, name, value), program.text());
  program.change(text, `Put here: ${Object.keys(values).join(", ")}.`);
  program.show();
});
document.addEventListener("em:half", ({ detail: { half } }) => {
  for (const program of blocks.filter((one) => one.alone)) {
    const found = halfStep(program.text(), half);
    if (found) program.mark("half", found.from, found.lines);
    else if (!half) program.mark(); // the figure went back to its guess
  }
});

const opened = () => blocks.forEach((block) => block.open());
addEventListener("hashchange", opened);
opened();
