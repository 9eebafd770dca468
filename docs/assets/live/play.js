// Figures one can play: guess → shared out (E) → re-estimated (M) → shared out → …
//
// A view plugs in as EM.views.NAME = {
//   label                  what the picture is, for who cannot see it
//   data, params           defaults: numbers in arrays, by name; the page's JSON replaces them
//   options                {name: {label, choices: {value: words}}}, the first is the default;
//                          with get(s) → value and set(s, value) → change it can be anything
//   share(s)               E: {responsibilities, logLikelihood, …}
//   estimate(s)            M: new params; may throw what the engine throws
//   build(play) → draw(s)  makes its elements in play.stage, once; draw is called often: it
//                          reads play.width; s.params may lie between two steps
//   tell(s)                words and numbers for the telling line (guess, E and M alike)
// and may have: acts(s) {group: {words: change}}, fields(s) [[label, value, v → change, min,
//   max, step]…], collapse(error, s) → words, fits(s) → boolean, chart(s) → "Log-likelihood"
// A state s is never changed, only replaced: {data, params, options, shared (the last E), fresh
//   (shared belongs to params), past [params…], trace [log-likelihoods], at (half-steps), start}.
// A change is {data, params, options}, each a part; play.edit(change, gesture) makes it a guess.
// play.handle(node, {at(s) → [x, y], move(s, x, y) → change, nudge(s, dx, dy) → change}) lets
//   node (an SVG element, role and label set) be dragged and moved by arrow keys.
// play.number(label, parent, v → change, min, max, step) gives a box to type in.
// EM.make, EM.set, EM.sync, EM.num, EM.mix and EM.dot help to draw: see below.
"use strict";
{
  const BASE = document.currentScript.src.replace(/[^/]*$/, "");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const NAMES = "ABCDEF", LETTERS = "abcdef";

  // Set attributes; `text` is the content, functions are handlers.
  function set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") {
        if (node.textContent !== value) node.textContent = value;
      } else if (typeof value === "function") node[name] = value;
      else if (value === false) node.removeAttribute(name);
      else if (node.getAttribute(name) !== `${value}`) node.setAttribute(name, value);
    }
    return node;
  }

  // Make an element: SVG within SVG, HTML elsewhere.
  function make(name, attributes = {}, parent = null) {
    const drawn = name === "svg" || /svg$/.test(parent?.namespaceURI);
    const space = drawn ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
    const node = set(document.createElementNS(space, name), attributes);
    parent?.append(node);
    return node;
  }

  // Give `parent` exactly n children, made by make(k) where they are lacking.
  function sync(parent, n, child) {
    while (parent.children.length > n) parent.lastChild.remove();
    while (parent.children.length < n) parent.append(child(parent.children.length));
    return [...parent.children];
  }

  const num = (value, digits = 2) =>
    value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");

  // The colour of a row of responsibilities.
  function mix(shares) {
    let colour = "var(--a)", total = shares[0];
    shares.slice(1).forEach((share, k) => {
      total += share;
      const part = total ? (100 * share) / total : 0;
      if (part > 0.1) colour = `color-mix(in oklab,var(--${LETTERS[k + 1]}) ${part.toFixed(1)}%,${colour})`;
    });
    return colour;
  }

  // A marker of radius r around (0, 0): each component has a shape of its own.
  function marker(k, r) {
    const around = (...at) => `M${at.map((v) => (v * r).toFixed(1)).join(" ")}z`;
    return [
      `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
      around(-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9),
      around(0, -1.2, 1.1, 0.8, -1.1, 0.8),
      around(0, -1.2, 1.2, 0, 0, 1.2, -1.2, 0),
      around(0, 1.2, 1.1, -0.8, -1.1, -0.8),
      around(-1.1, -0.4, 0, -0.4, 0, -1.1, 0.8, -1.1, 0.8, 1.1, 0, 1.1, 0, 0.4, -1.1, 0.4),
    ][k];
  }

  function blend(a, b, t) {
    if (typeof b === "number") return a + (b - a) * t;
    if (Array.isArray(b)) return b.map((value, i) => blend(a[i], value, t));
    return Object.fromEntries(Object.keys(b).map((name) => [name, blend(a[name], b[name], t)]));
  }

  // The largest change of a parameter, relative to the largest of its kind.
  const change = (a, b) => Math.max(...Object.keys(b).map((name) => {
    const [before, after] = [a[name], b[name]].map((v) => [v].flat(9));
    return Math.max(...after.map((v, i) => Math.abs(v - before[i]))) /
      (Math.max(...after.map(Math.abs)) || 1);
  }));

  const written = (value) => (Array.isArray(value) ? JSON.stringify(value).slice(1, -1) : `${value}`);
  const flat = (s) => ({ ...s.data, ...s.start, ...s.options });
  const guess = (data, params, options) => ({
    data, params, options, start: params,
    shared: null, fresh: false, settled: false, broken: null, past: [], trace: [], at: 0,
  });

  // One half-step: a new state, nothing else.
  function half(view, s) {
    if (s.broken) return s;
    try {
      if (s.fresh) {
        const params = view.estimate(s);
        return {
          ...s, params, fresh: false, at: s.at + 1, past: [...s.past, s.params],
          settled: change(s.params, params) < 1e-6,
        };
      }
      const shared = view.share(s);
      return { ...s, shared, fresh: true, at: s.at + 1, trace: [...s.trace, shared.logLikelihood] };
    } catch (error) {
      return { ...s, broken: view.collapse?.(error, s) || error.message };
    }
  }

  // A state as text, without what is as in `reference`; and back again.
  function toText(s, reference) {
    const usual = flat(reference);
    const parts = Object.entries(flat(s)).filter(([name, v]) => written(v) !== written(usual[name]));
    if (s.at) parts.push(["at", s.at]);
    return parts.map(([name, v]) => `${name}=${written(v)}`).join(";");
  }
  function fromText(view, text, reference) {
    const given = Object.fromEntries(text.split(";").map((part) => part.split("=")));
    const part = (group) => Object.fromEntries(Object.entries(group).map(([name, usual]) => {
      if (!(name in given)) return [name, usual];
      const value = Array.isArray(usual) ? JSON.parse(`[${given[name]}]`) : given[name];
      const alike = Array.isArray(usual)
        ? value.flat(9).every(Number.isFinite) && value.every((v) => Array.isArray(v) === Array.isArray(usual[0]))
        : value in view.options[name].choices;
      if (!alike) throw new Error(name);
      return [name, value];
    }));
    let s = guess(part(reference.data), part(reference.params), part(reference.options));
    if (view.fits && !view.fits(s)) throw new Error("sizes");
    for (let i = 0; i < Math.min(given.at || 0, 2000); i++) s = half(view, s);
    return s;
  }

  function start(figure) {
    const name = figure.dataset.view, view = EM.views[name];
    if (!view || figure.classList.contains("on")) return;
    const config = JSON.parse(figure.querySelector("script").textContent);
    const pick = (group) => Object.fromEntries(
      Object.entries(group).map(([key, usual]) => [key, config[key] ?? usual]));
    const first = Object.fromEntries(Object.entries(view.options).filter(([, o]) => !o.set)
      .map(([key, option]) => [key, Object.keys(option.choices)[0]]));
    const standard = guess(view.data, view.params, first);
    const initial = guess(pick(view.data), pick(view.params), pick(first));
    const alike = [...document.querySelectorAll(`figure.live[data-view=${name}]`)].indexOf(figure);
    const key = name + (alike ? alike + 1 : "");

    let state = initial, history = [], gesture, timer, beat = 0, tween = 0, writing;
    figure.classList.add("on");
    const caption = figure.querySelector("figcaption");
    const part = (tag, attributes, parent) => {
      const node = make(tag, attributes, parent);
      if (!parent) figure.insertBefore(node, caption);
      return node;
    };
    const stage = part("div", { class: "stage", role: "group", "aria-label": view.label });
    const bar = part("div", { class: "bar" });
    const button = (text, onclick, parent = bar) => part("button", { type: "button", text, onclick }, parent);
    const shareOut = button("Share out (E)", () => press(false));
    const estimate = button("Re-estimate (M)", () => press(true));
    const playing = button("Play", toggle);
    const back = button("Back", () => {
      stop();
      if (history.length) show(history.pop());
      gesture = null;
    });
    const again = button("Start again", () => {
      stop();
      put(state.at ? guess(state.data, state.start, state.options) : initial);
    });
    const climb = part("div", { class: "climb" }, bar);
    const chart = part("svg", { "aria-hidden": "true", width: 132, height: 40 }, climb);
    const line = make("path", {}, chart), end = make("circle", { r: 3.5 }, chart);
    const height = part("span", {}, climb);
    const told = part("p", { class: "told", role: "status" });
    const lead = part("b", {}, told), rest = part("span", {}, told);
    const more = part("details", { class: "more" });
    part("summary", { text: "Options" }, more);

    const play = { stage, edit, handle, number, width: 0, get state() { return state; } };
    const draw = view.build(play);
    const refresh = panel();

    function say(first, then, quiet = false) {
      set(told, { "aria-live": quiet ? "off" : "polite" });
      set(lead, { text: first });
      set(rest, { text: ` ${then}` });
    }
    function words(s) {
      if (s.broken) return ["It stops here.", s.broken];
      if (!s.at) return [s === initial ? "A guess." : "Your guess.", view.tell(s)];
      if (!s.fresh) return ["Re-estimated.", `${view.tell(s)} The colours are out of date: share out again.`];
      const [before, now] = s.trace.slice(-2), rise = now - before;
      const by = s.trace.length < 2 ? "" : `, ${rise < -1e-9 ? "down" : "up"} by ${num(Math.abs(rise), 3)}`;
      const steps = s.past.length;
      return [s.settled ? `Settled after ${steps} steps.` : "Shared out.",
        `${view.tell(s)} ${heading(s)} ${num(s.trace.at(-1), 3)}${by}.`];
    }
  
    const heading = (s) => view.chart?.(s) || "Log-likelihood";

    // Show a state: words at once, the picture with the next frame or moving there.
    function show(s, quiet = false, from = null) {
      state = s;
      say(...words(s), quiet);
      set(shareOut, { class: s.fresh || s.broken ? "" : "primary", "aria-disabled": s.fresh });
      set(estimate, { class: s.fresh && !s.broken ? "primary" : "", "aria-disabled": !s.fresh });
      set(again, { class: s.broken ? "primary" : "" });
      set(back, { "aria-disabled": !history.length });
      plot(s);
      refresh(s);
      const mine = ++tween, begin = performance.now();
      requestAnimationFrame(function frame(now) {
        if (mine !== tween) return;
        const t = from && !still.matches ? Math.min(1, Math.max(0, now - begin) / 320) : 1;
        draw(t < 1 ? { ...s, params: blend(from.params, s.params, t * t * (3 - 2 * t)) } : s);
        if (t < 1) requestAnimationFrame(frame);
      });
    }
    function plot(s) {
      const { trace } = s;
      const low = Math.min(...trace), span = Math.max(...trace) - low || 1;
      const at = trace.map((v, i) => [
        4 + (i * 124) / Math.max(8, trace.length - 1), 35 - (30 * (v - low)) / span]);
      set(climb, { hidden: trace.length ? false : "" });
      if (!trace.length) return;
      set(line, { d: `M${at.map((p) => p.map((v) => v.toFixed(1))).join("L")}` });
      set(end, { cx: at.at(-1)[0], cy: at.at(-1)[1] });
      set(height, { text: `${heading(s).toLowerCase()} ${num(trace.at(-1))}` });
    }

    // Replace the state; what one gesture does, Back undoes at once.
    function put(s, by = null, quiet = false, from = null) {
      if (!by || by !== gesture) history.push(state);
      gesture = by;
      show(s, quiet, from);
      clearTimeout(writing);
      writing = setTimeout(write, 250);
    }
    function edit(change, by = null) {
      if (!change) return;
      stop();
      const [data, params, options] = ["data", "params", "options"].map((group) => ({ ...state[group], ...change[group] }));
      put(guess(data, params, options), by, !!by);
    }
    function advance(quiet) {
      const before = state, next = half(view, state);
      put(next, null, quiet, next.fresh || next.broken ? null : before);
    }
    function press(fresh) {
      stop();
      if (state.broken) return say(...words(state));
      if (state.fresh === fresh) return advance();
      if (state.fresh) return say("Nothing changes.", "It is shared out, and nothing has moved since. Re-estimate comes next.");
      say("Nothing changes.", "Re-estimating needs new shares. Share out comes next.");
    }

    function stop() {
      clearTimeout(timer);
      timer = null;
      set(playing, { text: still.matches ? "One step" : "Play" });
    }
    function toggle() {
      if (timer) return stop(), say(...words(state));
      if (state.broken || (state.settled && state.fresh)) put(guess(state.data, state.start, state.options));
      if (still.matches) {
        if (!state.fresh) advance(true);
        advance(true);
        return advance();
      }
      beat = 0;
      tick();
    }
    // Slowly at first, so that one sees the halves apart; then ever faster.
    function tick() {
      set(playing, { text: "Pause" });
      const over = () => state.broken || (state.settled && state.fresh) || beat > 400;
      advance(true);
      if (over()) return stop(), say(...words(state));
      timer = setTimeout(tick, Math.max(150, 1000 * 0.93 ** beat++));
    }

    function handle(node, { at, move, nudge }) {
      set(node, {
        tabindex: 0,
        onpointerdown(event) {
          event.preventDefault();
          event.stopPropagation();
          stop();
          node.focus();
          node.setPointerCapture(event.pointerId);
          const [x, y] = at(state), drag = Symbol();
          const dx = x - event.clientX, dy = y - event.clientY;
          node.onpointermove = (e) => edit(move(state, e.clientX + dx, e.clientY + dy), drag);
          node.onpointerup = node.onpointercancel = () => (node.onpointermove = null);
        },
        onkeydown(event) {
          const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
            PageUp: [10, 0], PageDown: [-10, 0] }[event.key];
          if (!step) return;
          event.preventDefault();
          edit(nudge(state, ...step.map((v) => v * (event.shiftKey ? 10 : 1))), node);
        },
      });
      return node;
    }

    // A box for a number: what is no number within its limits is refused in words.
    function number(label, parent, changeTo, min = -1e6, max = 1e6, step = "any") {
      return part("input", {
        type: "number", "aria-label": label, min, max, step,
        onchange(event) {
          const input = event.target, value = input.valueAsNumber;
          if (value >= min && value <= max) return edit(changeTo(value));
          input.value = input.dataset.was;
          say("Not taken.", `${label}: a number from ${num(min, 0)} to ${num(max, 0)}, please.`);
        },
      }, parent);
    }

    // The options; gives what brings them up to date.
    function panel() {
      const choose = part("div", { class: "choose" }, more);
      const selects = Object.entries(view.options).map(([key, o]) => {
        const label = part("label", { text: `${o.label} ` }, choose);
        const select = part("select", {
          onchange: () => edit(o.set ? o.set(state, select.value) : { options: { [key]: select.value } }),
        }, label);
        for (const [value, text] of Object.entries(o.choices)) part("option", { value, text }, select);
        return (s) => (select.value = o.get ? o.get(s) : s.options[key]);
      });
      for (const [group, acts] of Object.entries(view.acts || {})) {
        const row = part("div", { role: "group", "aria-label": group }, more);
        part("span", { text: group }, row);
        for (const [text, act] of Object.entries(acts)) button(text, () => edit(act(state)), row);
      }
      const boxes = part("div", { class: "choose" }, more);
      const links = part("div", {}, more);
      const full = part("a", { text: "Full screen" }, links);
      button("Embed", () => {
        const text = `<iframe src="${full.href}" title="${view.label}" width="100%" height="620" style="border:0" loading="lazy"></iframe>`;
        set(embed, { hidden: false, value: text });
        embed.value = text;
        embed.select();
        navigator.clipboard?.writeText(text).then(() => say("Copied.", "The line is in your clipboard."), () => {});
      }, links);
      const embed = part("input", { readonly: "", hidden: "", "aria-label": "The line to embed this figure" }, links);
      return (s) => {
        selects.forEach((select) => select(s));
        const fields = view.fields?.(s) || [];
        sync(boxes, fields.length, (i) => {
          const label = make("label");
          part("span", {}, label);
          number(fields[i][0], label, (v) => view.fields(state)[i][2](v), ...fields[i].slice(3));
          return label;
        }).forEach((label, i) => {
          set(label.firstChild, { text: `${fields[i][0]} ` });
          fill(label.lastChild, fields[i][1], fields[i][0]);
        });
        set(full, { href: `${BASE}${name}.html#${name}:${toText(s, standard)}` });
      };
    }

    // The address: each figure has its own part, `#bells:means=1,9/coins:…`.
    const others = () => decodeURIComponent(location.hash.slice(1)).split("/").filter((p) => p.includes(":"));
    const mine = (p) => p.startsWith(`${key}:`);
    function write() {
      const text = toText(state, initial), parts = others().filter((p) => !mine(p));
      if (text) parts.push(`${key}:${text}`);
      try {
        window.history.replaceState(null, "", parts.length ? `#${parts.join("/")}` : location.pathname + location.search);
      } catch {
        // An embedding page may forbid it; the figure works without.
      }
    }
    function load() {
      const part = others().find(mine);
      if (!part) return false;
      stop();
      try {
        const s = fromText(view, part.slice(key.length + 1), initial);
        if (play.width) history.push(state);
        show(s);
      } catch (error) {
        show(initial);
        say("A guess.", `The address asks for what this figure cannot show (${error.message}).`);
      }
      return true;
    }

    new ResizeObserver(([entry]) => {
      if (entry.contentRect.width === play.width) return;
      play.width = entry.contentRect.width;
      show(state, true);
    }).observe(stage);
    still.addEventListener("change", stop);
    addEventListener("hashchange", () => load() && figure.scrollIntoView({ block: "nearest" }));
    stop();
    if (!load()) show(initial, true);

    // Play once when in sight, until a hand is laid on anything.
    let touched = location.hash.includes(`${key}:`);
    const touch = (event) => {
      touched = true;
      if (timer && event.target !== playing) stop();
    };
    for (const kind of ["pointerdown", "keydown"]) figure.addEventListener(kind, touch, true);
    if (config.autoplay !== "once") return;
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      watch.disconnect();
      if (!touched && !still.matches) toggle();
    }, { threshold: 0.6 });
    watch.observe(stage);
  }

  // Bring a box up to date, unless somebody is typing into it.
  function fill(input, value, label) {
    input.dataset.was = value;
    set(input, { "aria-label": label });
    if (document.activeElement !== input || +input.value !== value) input.value = value;
  }

  Object.assign(EM, { make, set, sync, num, mix, marker, fill, NAMES, LETTERS });
  EM.start = () => document.querySelectorAll("figure.live").forEach(start);
  addEventListener("DOMContentLoaded", EM.start);
}
