// Figures one can play: guess → shared out (E) → re-estimated (M) → shared out → …
//
// A view is EM.views.NAME = {
//   label             what the picture is, for who cannot see it
//   data, params      defaults, arrays of numbers by name; the page's JSON replaces them
//   takes             what an address or a program may give it, in words
//   options           {name: {label, choices: {value: words}}}, first is default; with
//                     get(s) → value and set(s, value) → change, anything can be chosen
//   share(s)          E: {responsibilities, logLikelihood}     estimate(s)   M: params
//   tell(s)           words and numbers for the telling line, after E (s.fresh) or M
//   build(play)       makes elements in play.stage, once; returns draw(s), called once a frame:
//                     at play.width pixels, play.height at most; s.params may be on the
//                     way between two steps. play.ask() asks for a frame more,
//                     play.now() for it at once
//   optional          acts {group: {words: s → change}}, fields(s) → [[label, value,
//                     v → change, min, max]…], collapse(error, s) → words, fits(s) → is it
//                     a state, chart(s) → name of what climbs, frame(s) → [[low, high]…]
//                     of the axes: they stay while all points lie within }
// A state s is replaced, never changed: {data, params, options, start, shared (the last E),
// fresh (it belongs to params), past [params], before (params, if a program replaced them), trace [log-likelihood of each of past, and of
// params], at (half-steps)}.
// What one does changes play.state at once. Words, buttons, options and picture show it
// together, in one frame: <figure data-asked> is the number of the state that was asked for,
// data-shown of the one that is seen.
// A change is {data, params, options, said}, each a part of it; play.edit(change) makes a guess.
// play.handle(parent, k, label, {at(s) → [x, y], move(s, x, y) → change, nudge(s, dx, dy) →
// change, shape}) makes a handle of component k, to drag and for arrow keys: draw moves it and
// keeps aria-valuenow or -valuetext; its last child is a text. play.number(label, parent,
// v → change, min, max, "whole ") makes a box to type in. EM.size, points, ghosts, ticks … help to draw;
// EM.cloud, line and table are parts that several views have.
"use strict";
{
  const BASE = document.currentScript.src.replace(/[^/]*$/, "");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const NAMES = "ABCDEF", LETTERS = "abcdef";

  // A figure's own page is in the mode of its address, `?theme=dark`, or of the site.
  if (document.body?.matches(".full")) {
    let mode = /[?&]theme=(light|dark)\b/.exec(location.search)?.[1];
    try {
      const { media, scheme } = JSON.parse(localStorage.getItem(`${new URL("../..", BASE).pathname}.__palette`)).color;
      if (media !== "(prefers-color-scheme)") mode ??= scheme === "slate" ? "dark" : "light";
    } catch {} // nothing was chosen, or nothing is kept here
    if (mode) document.documentElement.style.colorScheme = document.body.style.colorScheme = mode;
  }

  // Set attributes; `text` is the content, functions are properties, false removes.
  function set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") node[name] = value;
      else if (value === false) node.removeAttribute(name);
      else if (name === "text") node.textContent === `${value}` || (node.textContent = value);
      else if (node.getAttribute(name) !== `${value}`) node.setAttribute(name, value);
    }
    return node;
  }

  // Make an element, SVG within SVG.
  function make(name, attributes = {}, parent = null) {
    const space = name === "svg" || /svg$/.test(parent?.namespaceURI) ? "2000/svg" : "1999/xhtml";
    const node = set(document.createElementNS(`http://www.w3.org/${space}`, name), attributes);
    parent?.append(node);
    return node;
  }

  // By its style, because style sheets of a site know better than attributes.
  const size = (svg, width, height) => set(svg, { style: `width:${width}px;height:${height}px` });

  // Give `parent` exactly n children, made by child(k) where they are lacking.
  function sync(parent, n, child) {
    while (parent.children.length > n) parent.lastChild.remove();
    while (parent.children.length < n) parent.append(child(parent.children.length));
    return [...parent.children];
  }

  const num = (value, digits = 2) =>
    value.toFixed(digits).replace(/^-(?=[0.]*$)/, "").replace("-", "−");

  // The colour of a row of responsibilities.
  const mix = (shares) => {
    let total = 0, colour;
    shares.forEach((share, k) => {
      const own = `var(--${LETTERS[k]})`;
      total += share;
      if (!colour) colour = own;
      else if (share > 0.001) colour = `color-mix(in oklab,${own} ${((100 * share) / total).toFixed(1)}%,${colour})`;
    });
    return colour;
  };

  // A marker of radius r around (0, 0): each component has a shape of its own.
  const SHAPES = ["m-1 0c0-1.33 2-1.33 2 0s-2 1.33-2 0z", "m-.9-.9h1.8v1.8h-1.8z", "m0-1.2l1.1 2h-2.2z",
    "m0-1.2l1.2 1.2-1.2 1.2-1.2-1.2z", "m0 1.2l1.1-2h-2.2z", "m-1.2-.4h.8v-.8h.8v.8h.8v.8h-.8v.8h-.8v-.8h-.8z"];
  const made = {};
  const marker = (k, r) => (made[[k, r]] ??= SHAPES[k].replace(/-?[\d.]+/g, (n) => (n * r).toFixed(2)));

  // Points at [[x, y]…], in the colour and shape of whose they are; hollow when out of date.
  function points(parent, at, { shared, fresh }, radius) {
    const now = [shared, fresh, radius, `${at}`];
    if (parent.was?.every((v, i) => v === now[i])) return;
    parent.was = now;
    set(parent, { class: `dots ${!shared ? "bare" : fresh ? "" : "stale"}` });
    sync(parent, at.length, () => make("path", {}, parent)).forEach((dot, i) => {
      const row = shared ? shared.responsibilities[i] : [1];
      set(dot, {
        d: `M${at[i]}${marker(row.indexOf(Math.max(...row)), radius - 0.7)}`,
        style: shared ? `color:${mix(row)}` : "",
      });
    });
  }

  // Paths as [class, d].
  const paths = (parent, each) => sync(parent, each.length, () => make("path", {}, parent)).forEach((path, i) =>
    set(path, { class: each[i][0], d: each[i][1] }));

  // A division that re-estimating makes: until then, its result is for the reader to guess.
  const small = (v) => (v && v < 0.005 ? v.toExponential(0).replace("-", "−") : num(v));
  const quotient = (part, whole, { fresh, settled }) =>
    `${small(part)} ÷ ${small(whole)} = ${fresh && !settled ? "?" : num(part / whole, 3)}`;

  const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

  // A list with one value put in place of another.
  const put = (list, k, v) => list.map((old, i) => (i === k ? v : old));

  // Are these mixing weights? Flips of coins?
  const weighty = (weights) => Math.min(...weights) >= 0 && Math.abs(EM.sum(weights) - 1) < 1e-3;
  const counted = (...lists) => lists.flat().every((n) => Number.isInteger(n) && n >= 0 && n < 1000);

  // The axes to begin with: room beside the points.
  const frame = (room) => ({ data: { x } }) => EM.columns(x.map((v) => [v].flat())).map((v) => {
    const low = Math.min(...v), high = Math.max(...v), beside = room * (high - low) || 1;
    return [low - beside, high + beside];
  });
  const within = (frame, x) => x.every((point) => [point].flat().every((v, d) => v >= frame[d][0] && v <= frame[d][1]));

  // Options that several mixtures have.
  const shares = { label: "Shares", choices: { soft: "soft", hard: "hard: all or nothing" } };
  const mixing = { label: "Mixing weights", choices: { held: "held", free: "free" } };

  // Earlier parameters to show: those before a program's; from 0, 1, 2, 4, 8 … steps, as the steps get smaller.
  const ghosts = (s) => [...(s.before ? [s.before] : []), ...s.past.filter((_, i) => !(i & (i - 1)))];

  // About n round numbers from low to high.
  function ticks(low, high, n) {
    const unit = 10 ** Math.floor(Math.log10((high - low) / n)), rough = (high - low) / n / unit;
    const step = unit * (rough > 5 ? 10 : rough > 2 ? 5 : 2), first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => +((first + i) * step).toPrecision(12));
  }

  // Bring a box up to date, unless somebody is typing into it.
  function fill(input, value) {
    if (input.type === "number" && document.activeElement === input && input.value !== input.dataset.was) return;
    input.value = value;
    input.dataset.was = input.value;
  }

  // Points one can add, choose and remove. A tap tells whose a point is, a second tap removes it;
  // a tap beside them adds add(x, y); or by keys. name(point) says where one is. Gives draw.
  function cloud(play, svg, dots, tip, add, name) {
    const ring = make("circle", { class: "ring" }, tip), words = make("text", {}, tip);
    let seen, at = [], radius, chosen = -1, pressed;
    const all = () => play.state.data.x, change = (x, said) => play.edit({ data: { x }, said });
    const more = (point) => change([...all(), point], `A point added at ${name(point)}.`);
    const remove = (i) => all().length > 2 && change(all().filter((_, j) => j !== i), `The point at ${name(all()[i])} taken away.`);
    const focused = () => document.activeElement === dots;
    function near({ clientX, clientY }, room) {
      const { left, top } = svg.getBoundingClientRect(), spot = [clientX - left, clientY - top];
      const away = at.map(([x, y]) => Math.hypot(x - spot[0], y - spot[1])), least = Math.min(...away);
      return [least < radius + room ? away.indexOf(least) : -1, spot];
    }
    set(svg, {
      onpointerdown: () => (pressed = focused() ? chosen : -1),
      onclick(event) {
        play.now();
        const [i, spot] = near(event, event.pointerType === "mouse" ? 3 : 12);
        if (i < 0) return more(add(...spot));
        if (i === pressed) return remove(i);
        dots.focus({ preventScroll: true });
        choose(i);
      },
      onpointermove: (event) => event.pointerType === "mouse" && !event.buttons && !focused() && choose(near(event, 2)[0]),
      onpointerleave: () => focused() || choose(-1),
    });
    set(dots, {
      tabindex: 0, role: "slider", "aria-label": "Points", "aria-valuenow": 0,
      onfocus: () => choose(Math.max(0, chosen)),
      onblur: () => choose(-1),
      onkeydown(event) {
        const x = all(), across = (i) => [x[i]].flat()[0], order = x.map((_, i) => i).sort((i, j) => across(i) - across(j));
        const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -1e4, End: 1e4 }[event.key];
        chosen = Math.min(chosen, x.length - 1);
        if (by) choose(order[clamp(order.indexOf(chosen) + by, 0, x.length - 1)]);
        else if (event.key === "Delete") {
          const next = order[order.indexOf(chosen) + 1] ?? order.at(-2);
          if (remove(chosen) !== false) chosen = next - (next > chosen);
        }
        else if (event.key === "Enter") more(x[chosen]);
        else return;
        event.preventDefault();
      },
    });
    // The words over a point: whose it is.
    function choose(i) {
      const { shared, fresh, data } = seen;
      chosen = i;
      set(tip, { visibility: at[chosen] ? "visible" : "hidden" });
      if (!at[chosen]) return;
      const [cx, cy] = at[chosen];
      const text = `${name(data.x[chosen])}: ${!shared ? "not shared out" : shared.responsibilities[chosen]
        .map((r, k) => `${NAMES[k]} ${num(r)}`).join("  ")}${shared && !fresh ? " (before)" : ""}`;
      const room = Math.min(play.width / 2, 4 * text.length);
      set(words, { text, x: clamp(cx, room, play.width - room), y: cy + (cy > 30 ? -14 : 24) });
      set(dots, { "aria-valuemax": at.length, "aria-valuenow": chosen + 1, "aria-valuetext": text });
      set(ring, { cx, cy, r: radius + 3 });
    }
    return (s, places, r) => {
      seen = s;
      at = places;
      radius = r;
      points(dots, at, s, r);
      choose(Math.min(chosen, at.length - 1));
    };
  }

  // A line from 0 to 1 with a handle for each of values(params), and marks where it was before.
  // With a lane (pixels), each has a line of its own, and a bar. Gives draw.
  function line(play, { label, name, values, change, lane = 0, letters = LETTERS }) {
    const BASE = 44, svg = make("svg", {}, play.stage), axis = make("g", { class: "axis" }, svg);
    const [marks, handles] = ["ghosts", ""].map((name) => make("g", { class: name }, svg));
    const rule = make("line", {}, axis);
    const scale = [0, 0.25, 0.5, 0.75, 1].map((text) => make("text", { text }, axis));
    const at = (t) => 26 + t * (play.width - 52), y = (k) => BASE + k * lane;
    function grip(k) {
      const node = play.handle(handles, NAMES.indexOf(letters[k].toUpperCase()), label(k), {
        at: (s) => [at(values(s.params)[k]), y(k)],
        move: (s, x) => change(s, k, (x - 26) / (play.width - 52)),
        nudge: (s, dx, dy) => change(s, k, values(s.params)[k] + (dx + dy) / 100),
      });
      if (k % 2 && !lane) set(node.lastChild, { y: 28 });
      return node;
    }
    return (s) => {
      const now = values(s.params), end = y(now.length - 1);
      size(svg, play.width, end + 62);
      set(rule, { x1: at(0), x2: at(1), y1: end + lane / 2, y2: end + lane / 2 });
      scale.forEach((text, i) => set(text, { x: at(i / 4), y: end + 54 }));
      const bars = lane ? now.map((t, k) => [`${letters[k]} long`, `M${at(0)} ${y(k)}H${at(t)}`]) : [];
      const earlier = ghosts(s).flatMap((p) => values(p).map((t, k) => [letters[k], `M${at(t)} ${y(k) - 10}v20`]));
      paths(marks, [...bars, ...earlier]);
      sync(handles, now.length, grip).forEach((node, k) => {
        set(node, { transform: `translate(${at(now[k])} ${y(k)})`, "aria-valuenow": now[k].toFixed(3) });
        set(node.lastChild, { text: `${name(k)} ${num(now[k])}` });
      });
    };
  }

  // A table to share out. A row has boxes for numbers ({data's name: word}), a cell of bars and
  // words for each component, and can be removed; `fresh` is the data of one added; press(i, k) is
  // a change by a cell's press. Gives draw(rows, head, total), of [words, ...bars] for each cell.
  function table(play, boxes, fresh, { letters = LETTERS, least = 0, press } = {}) {
    const all = make("div", {}, play.stage), kinds = Object.keys(boxes);
    const row = (parent, name) => make("div", { class: `row ${name}`, role: "group", "aria-label": name }, parent);
    const head = row(all, "head"), rows = make("div", {}, all), total = row(all, "total");
    const count = () => play.state.data[kinds[0]].length;
    const change = (how) => play.edit({ data: map(fresh, (one, name) => how(play.state.data[name], one)) });
    const button = (parent, name, text, onclick) => make("button", { type: "button", class: name, text, onclick }, parent);
    for (const kind of kinds) make("span", { text: boxes[kind], class: "count" }, head);
    set(button(total, kinds[1] ? "count two" : "count", kinds[1] ? "Add a row" : "Add", () => change((list, one) => [...list, one])),
      { "aria-label": "Add a row" });
    for (const parent of [head, total]) {
      make("div", { class: "cells" }, parent);
      make("span", { class: "less" }, parent);
    }
    function body(i) {
      const node = row(null, `Row ${i + 1}`);
      for (const kind of kinds)
        set(play.number(`${boxes[kind]} of row ${i + 1}`, node, (n) =>
          ({ data: { [kind]: put(play.state.data[kind], i, n) } }), least, 999, "whole "), { class: "count" });
      make("div", { class: "cells" }, node);
      set(button(node, "less", "×", () => count() > 1 && change((list) => list.filter((_, j) => j !== i))),
        { "aria-label": `Remove row ${i + 1}` });
      return node;
    }
    function cells(row, each, scale, i) {
      const tag = press && i >= 0 ? "button" : "div";
      sync(row.querySelector(".cells"), each.length, (k) => {
        const cell = make(tag, { class: `cell ${press ? "fit " : ""}${letters[k]}`, type: "button" }), bar = make("div", { class: "share" }, cell);
        for (const kind of kinds) make("i", { class: kind }, bar);
        make("span", {}, cell);
        if (tag === "button") cell.onclick = () => i < count() && play.edit(press(i, k));
        return cell;
      }).forEach((cell, k) => {
        const [text, ...parts] = each[k];
        parts.forEach((n, j) => set(cell.firstChild.children[j], { style: `width:${((100 * n) / scale).toFixed(2)}%` }));
        set(cell.lastChild, { text });
      });
    }
    return ({ data, shared, fresh }, each, tops, sums, most, whole) => {
      set(all, { class: shared && !fresh ? "stale" : "" });
      cells(head, tops);
      sync(rows, each.length, body).forEach((node, i) => {
        kinds.forEach((kind, j) => fill(node.children[j], data[kind][i]));
        cells(node, each[i], most, i);
      });
      cells(total, sums, whole);
      return rows;
    };
  }

  const map = (object, f) => Object.fromEntries(Object.entries(object).map(([name, v]) => [name, f(v, name)]));
  const blend = (a, b, t) =>
    Array.isArray(b) ? b.map((v, i) => blend(a[i], v, t)) : a + (b - a) * t;
  // Did no parameter change by more than a hundred-thousandth of the largest of its kind?
  const settled = (a, b) => Object.keys(b).every((name) => {
    const before = a[name].flat(9), after = b[name].flat(9), most = Math.max(...after.map(Math.abs));
    return after.every((v, i) => Math.abs(v - before[i]) <= 1e-5 * most);
  });

  // The state, and how high it is, if it is anything at all.
  const measured = (view, s) => {
    try {
      return { ...s, trace: s.trace.concat(view.share(s).logLikelihood) };
    } catch {
      return s;
    }
  };
  function guess(view, { data, params, options, said }, old) {
    const kept = old && view.frame && within(old.frame, data.x);
    const axes = kept ? old.frame : view.frame?.({ data });
    return measured(view, { data, params, options, said, frame: axes, start: params, past: [], trace: [], at: 0 });
  }

  // One half-step: a new state, nothing else.
  const half = (view, s) => {
    if (s.broken) return s;
    try {
      const at = s.at + 1;
      if (!s.fresh) return { ...s, shared: view.share(s), fresh: true, at };
      const params = view.estimate(s), past = [...s.past, s.params];
      return measured(view, { ...s, params, past, fresh: false, at, settled: settled(s.params, params) });
    } catch (error) {
      return { ...s, broken: view.collapse?.(error, s) || error.message };
    }
  };

  // A state as text, without what is as in `usual`; and back again.
  const written = (value) => JSON.stringify(value).replace(/^\[|\]$|"/g, "");
  const flat = (s) => ({ ...s.data, ...s.start, ...s.options });
  function toText(s, usual) {
    const parts = Object.entries(map({ ...flat(s), at: s.at }, written));
    const as = map({ ...flat(usual), at: 0 }, written);
    return parts.filter(([name, text]) => text !== as[name]).map((part) => part.join("=")).join(";");
  }
  function fromText(view, text, usual) {
    const { at = 0, ...given } = Object.fromEntries(text.split(";").filter(Boolean).map((part) => part.split("=")));
    const values = map(given, (word, name) => {
      try {
        return name in view.data || name in view.params ? JSON.parse(`[${word}]`) : word;
      } catch {
        throw name;
      }
    });
    let s = admitted(view, usual, values);
    if (!(at >= 0 && at <= 2000)) throw "at (2,000 half-steps at most)";
    for (let i = 0; i < at; i++) s = half(view, s);
    return s;
  }

  // The door: a guess of what an address or a program gives, by name. Throws what does not fit.
  function admitted(view, { data, params, options }, given) {
    const alike = (v, as) => Array.isArray(as)
      ? Array.isArray(v) && v.length > 0 && v.every((one) => alike(one, as[0])) : Math.abs(v) <= 1e7 && typeof v === "number";
    const s = guess(view, map({ data, params, options }, (group, kind) => map(group, (value, name) => {
      if (!Object.hasOwn(given, name)) return value;
      const now = given[name];
      if (!(kind === "options" ? Object.hasOwn(view.options[name].choices, now) : alike(now, value) && now.flat(9).length <= 1000))
        throw name;
      return now;
    })));
    const known = flat(s), strange = Object.keys(given).find((name) => !Object.hasOwn(known, name));
    if (strange) throw strange;
    // Lists that the view has of one length are of one length.
    const own = { ...view.data, ...view.params }, names = Object.keys(own);
    for (const name of names) {
      const first = names.find((one) => own[one].length === own[name].length);
      if (known[name].length !== known[first].length) throw Object.hasOwn(given, name) ? name : first;
    }
    if (view.fits?.(s) === false) throw Object.keys(given).join(", ");
    return s;
  }

  // The first figure that the address is about is scrolled to, if one came by a link.
  let meant;
  addEventListener("load", () => performance.getEntriesByType("navigation")[0]?.type === "navigate" &&
    meant?.scrollIntoView({ block: "nearest" }));

  // A page calls it where the figure stands, before it is shown: nothing jumps.
  function start(figure) {
    const name = figure.dataset.view, view = EM.views[name];
    if (!view || figure.matches(".on")) return;
    figure.classList.add("on");
    const config = JSON.parse(figure.querySelector("script").textContent);
    const usual = {
      data: view.data, params: view.params,
      options: map(Object.fromEntries(Object.entries(view.options).filter(([, o]) => !o.set)),
        (option) => Object.keys(option.choices)[0]),
    };
    const groups = map(usual, (group) => map(group, (value, key) => config[key] ?? value));
    const standard = guess(view, usual), initial = guess(view, groups);
    const alike = [...document.querySelectorAll(`.live[data-view=${name}]`)].indexOf(figure);
    const key = name + (alike ? alike + 1 : "") + ":";

    let state = initial, history = [], gesture, writing, touched;
    let asked = 0, frame, moving, quiet = true, note; // what the next frame shows, and how
    let plays, timer, beat;
    const all = make("div", { class: "all" });
    figure.querySelector("figcaption").before(all);
    const stage = make("div", { class: "stage", role: "group", "aria-label": view.label }, all);
    const bar = make("div", { class: "bar" }, all);
    const button = (text, onclick, parent = bar) => make("button", { type: "button", text, onclick }, parent);
    const shareOut = button("Share out (E)", () => press(false));
    const estimate = button("Re-estimate (M)", () => press(true));
    const playing = button("", toggle);
    const back = button("Back", () => {
      stop();
      gesture = null;
      if (history.length) show(history.pop());
    });
    const again = button("Start again", () => put(state.at ? restarted() : initial));
    // The program of this page: its names, and what they are here.
    const names = Object.entries(config.program ?? {});
    const send = (kind, detail) => document.dispatchEvent(new CustomEvent(`em:${kind}`, { detail }));
    let ended, lit = 0;
    const below = make("div", { class: "below" }, all);
    const told = make("p", { class: "told", role: "status" }, below);
    const lead = make("b", {}, told), rest = make("span", {}, told);
    const climb = make("div", { class: "climb" }, below);
    const height = make("span", {}, climb), chart = size(make("svg", { "aria-hidden": true }, climb), 132, 40);
    const line = make("path", {}, chart), end = make("circle", { r: 3.5 }, chart);
    const linked = names[0] && make("div", { class: "bar" }, all);
    // Lists of data with which the page began are in the program already, until others are put there.
    const others = {}, other = ([, own]) => state.data[own]?.length > 1 ? others[own] ||= written(state.data[own]) !== written(initial.data[own]) : true;
    const numbered = () => Object.fromEntries((names.some(other) ? names.filter(other) : names).map(numbers));
    if (linked) button("Put my numbers into the program", () => send("numbers", { values: numbered() }), linked);
    const more = make("details", { class: "more" }, all);
    make("summary", { text: "Options", onclick: ask }, more);

    const tall = document.body.matches(".full") ? Math.max(300, innerHeight - (innerWidth < 900 ? 400 : 320)) : 360;
    const play = { stage, ask, now, edit, handle, number, height: tall, get state() { return state; } };
    const draw = view.build(play), refresh = panel();
    more.ontoggle = ask;
    const restarted = () => guess(view, { ...state, said: null, params: state.start }, state);
    const over = () => state.broken || (state.settled && state.fresh);

    const heading = () => view.chart?.(state) || "Log-likelihood";
    function words() {
      const { trace, broken, at, fresh, settled, past } = state;
      if (broken) return ["It stops here.", broken];
      const told = view.tell(state), [now, before] = trace.slice(-2).reverse(), rise = now - before;
      if (!at) return [state.said || (state !== initial ? "Your guess." : "A guess."), told];
      if (!(past.length in trace)) return ["Re-estimated.", told]; // the next E-step says why
      const high = `${told} ${heading()} ${num(now, 3)}`;
      if (fresh) return [settled ? `Settled after ${past.length} steps.` : "Shared out.", `${high}.`];
      return ["Re-estimated.", `${high}: ${settled ? "unchanged" : `${rise < -1e-9 ? "lower" : "higher"} by ${Math.abs(rise) < 0.0005
        ? "less than 0.001" : num(Math.abs(rise), 3)}`}. Now share out again.`];
    }

    // Whatever is to be seen is seen with the next frame; of a state, when the picture has
    // moved there `from` another.
    function ask() {
      set(figure, { "data-asked": ++asked });
      frame ||= requestAnimationFrame(move);
    }
    function show(s, hush, from) {
      state = s;
      quiet = hush;
      note = null;
      moving = from && !still.matches && { from, begin: performance.now(), lasts: plays ? Math.min(320, pace()) : 320 };
      ask();
    }
    function say(...words) {
      note = words;
      quiet = false;
      ask();
    }
    function move(now) {
      frame = null;
      const { from, begin, lasts } = moving || {}, t = from ? Math.max(0, now - begin) / lasts : 1;
      if (t >= 1) return render();
      frame = requestAnimationFrame(move);
      if (play.width) draw({ ...from, past: state.past, params: map(state.params, (v, k) => blend(from.params[k], v, t * t * (3 - 2 * t))) });
    }
    // At once, for who takes hold of what is drawn.
    function now() {
      if (figure.dataset.shown !== `${asked}`) render();
    }
    // The present state, all of it.
    function render() {
      const [first, then] = note || words(), next = state.broken ? again : state.fresh ? estimate : shareOut;
      set(told, { "aria-live": quiet ? "off" : "polite" });
      set(lead, { text: first });
      set(rest, { text: ` ${then}` });
      for (const one of [shareOut, estimate, again])
        set(one, { class: one === next && "primary", "aria-disabled": one !== again && one !== next });
      set(back, { "aria-disabled": !history.length });
      set(playing, { text: still.matches ? "One step" : plays ? "Pause" : "Play" });
      plot(state.past.length in state.trace ? state.trace : []);
      if (more.open) refresh(state);
      if (play.width) draw(state);
      if (linked) {
        if (lit !== state && (state.at || lit.at)) send("half", { half: !state.at ? "" : state.fresh ? "E" : "M" });
        lit = state;
      }
      set(figure, { "data-asked": asked, "data-shown": asked });
      if (plays) timer ||= setTimeout(tick, pace() - (moving ? moving.lasts : 0));
      moving = null;
    }
    function plot(trace) {
      set(climb, { hidden: !trace.length && "" });
      if (!trace.length) return;
      const low = Math.min(...trace), span = Math.max(...trace) - low || 1;
      const at = trace.map((v, i) => [
        (4 + (i * 124) / Math.max(8, trace.length - 1)).toFixed(1), (35 - (30 * (v - low)) / span).toFixed(1)]);
      const [cx, cy] = at.at(-1);
      set(line, { d: `M${at.join("L")}` });
      set(end, { cx, cy });
      set(height, { text: `${heading().toLowerCase()} ${num(trace.at(-1))}` });
    }

    // The figure and the program of the page: numbers go there, what it ended with comes here.
    // What stands alone there is a list of one here.
    const alone = (own) => view.data[own]?.length === 1;
    function numbers([name, own]) {
      const { data, params } = state, short = (v) => (Array.isArray(v) ? v.map(short) : +v.toPrecision(Math.abs(v) >= 1e3 ? 12 : own in data ? 8 : 4));
      const value = short(data[own] ?? params[own]);
      return [name, alone(own) ? value[0] : value];
    }
    function fromProgram() {
      const name = names.find(([name]) => !Object.hasOwn(ended, name))?.[0];
      if (name) return say("Not taken.", `The program has no finite numbers called ${name}.`);
      try {
        const given = Object.fromEntries(names.map(([name, own]) => [own, alone(own) ? [ended[name]].flat() : ended[name]]));
        let s = admitted(view, state, view.params.shares ? { ...given, shares: given.heads.map(() => 1) } : given);
        // Where shares are parameters, too, the program's are those of an E-step.
        if (view.params.shares) s = admitted(view, s, { shares: view.share(s).responsibilities.map(([share]) => share) });
        const before = Object.entries(s.params).every(([k, v]) => v.length === state.params[k].length);
        put({ ...s, said: `From the program${names[1] ? "" : `: ${names[0][0]}`}.`, before: before && state.params });
      } catch (part) {
        say("Not taken.", `${names.filter(([, own]) => `${part}`.includes(own)).map(([name]) => name).join(", ") || part}: this figure takes ${view.takes}.`);
      }
    }

    // Replace the state; what one gesture does, Back undoes at once.
    function put(s, by, hush, from) {
      if (!hush || by) stop();
      if (!by || by !== gesture) history.push(state);
      gesture = by;
      show(s, hush, from);
      clearTimeout(writing);
      writing = touched && setTimeout(write, 250);
    }
    function edit(change, by) {
      if (change) put(guess(view, { ...map(usual, (_, group) => ({ ...state[group], ...change[group] })), said: change.said }, state), by, !!by);
    }
    function advance(hush) {
      const next = half(view, state);
      put(next, null, hush, next.at > state.at && !next.fresh && state);
    }
    function press(fresh) {
      if (state.broken || !state.fresh === !fresh) advance();
      else say("Nothing changes.", `${fresh ? "Share out" : "Re-estimate"} comes next.`);
    }

    function stop() {
      clearTimeout(timer);
      if (plays) ask();
      plays = timer = null;
    }
    function halt() {
      stop();
      quiet = !touched;
    }
    function toggle() {
      if (plays) return halt();
      if (over()) put(restarted());
      if (still.matches) {
        if (!state.fresh) advance(true);
        advance(true);
        return advance();
      }
      plays = true;
      beat = 0;
      tick();
    }
    // Slowly at first, so that one sees the halves apart; then ever faster. The next half-step
    // comes when this one has been shown.
    const pace = () => Math.max(80, 1000 * 0.92 ** beat);
    function tick() {
      timer = null;
      advance(true);
      if (over() || ++beat >= (touched ? 400 : 2)) halt();
    }

    function handle(parent, k, label, { at, move, nudge, shape = marker(k, 9) }) {
      const node = make("g", { class: `handle ${LETTERS[k]}`, tabindex: 0, role: "slider", "aria-label": label }, parent);
      make("circle", { r: 22, class: "reach" }, node);
      make("path", { d: shape }, node);
      make("text", { y: -15 }, node);
      return set(node, {
        onclick: (event) => event.stopPropagation(),
        // A finger on it moves it, up and down, too: it does not scroll.
        ontouchstart: (event) => event.preventDefault(),
        onpointerdown(event) {
          const drag = {}, { clientX, clientY } = event, { left, top } = parent.closest("svg").getBoundingClientRect();
          event.preventDefault();
          event.stopPropagation();
          now();
          if (!node.isConnected) return;
          node.focus();
          node.setPointerCapture(event.pointerId);
          // Pressed elsewhere, as a view may let one do, it comes there.
          if (!node.contains(event.target)) edit(move(state, clientX - left, clientY - top), drag);
          const [x, y] = at(state), dx = x - clientX, dy = y - clientY;
          // The page keeps its place: in each frame the figure alone is laid out.
          all.style = `height:${all.offsetHeight}px`;
          node.onpointermove = (e) => node.isConnected && edit(move(state, e.clientX + dx, e.clientY + dy), drag);
          node.onpointerup = node.onpointercancel = () => (all.style = node.onpointermove = null);
        },
        onkeydown(event) {
          const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
          if (!by) return;
          event.preventDefault();
          now();
          if (node.isConnected) edit(nudge(state, ...by.map((v) => v * (event.shiftKey ? 10 : 1))), node);
        },
      });
    }

    // A box for a number: what is none within its limits is refused in words.
    function number(label, parent, change, min = -1e6, max = 1e6, whole = "") {
      return make("input", {
        type: "number", "aria-label": label, min, max, step: whole ? 1 : max > 1 ? "any" : 0.01,
        onchange({ target }) {
          const value = target.valueAsNumber;
          if (value >= min && value <= max && !(whole && value % 1)) {
            target.dataset.was = target.value;
            return edit(change(value));
          }
          target.value = target.dataset.was;
          say("Not taken.", `${label}: a ${whole}number from ${min} to ${max}.`);
        },
      }, parent);
    }

    // How high a frame on another page has to be: the figure with its options folded, and a caption.
    const room = ({ offsetHeight }) => Math.ceil((all.offsetHeight - offsetHeight + 320) / 20) * 20;
    // The options; gives what brings them up to date.
    function panel() {
      const row = (name) => make("div", { role: "group", "aria-label": name }, more);
      const choose = row("Choices");
      const selects = Object.entries(view.options).map(([key, { label, choices, get, set }]) => {
        const select = make("select", {
          onchange: () => edit(set ? set(state, select.value) : { options: { [key]: select.value } }),
        }, make("label", { text: `${label} ` }, choose));
        for (const value in choices) make("option", { value, text: choices[value] }, select);
        return (s) => (select.value = get ? get(s) : s.options[key]);
      });
      for (const group in view.acts) {
        const acts = row(group);
        if (config.acts) more.before(set(acts, { class: "bar" }));
        make("span", { text: group }, acts);
        for (const text in view.acts[group]) button(text, () => edit(view.acts[group][text](state)), acts);
      }
      const boxes = row("Numbers"), links = row("Links");
      const full = make("a", { href: `${BASE}${name}.html`, text: "Full screen" }, links);
      const embed = make("input", { readonly: "", onfocus: () => embed.select() }, make("label", { text: "Embed " }, links));
      return (s) => {
        selects.forEach((select) => select(s));
        const fields = view.fields?.(s) || [];
        sync(boxes, fields.length, (i) => {
          const label = make("label", { text: `${fields[i][0]} ` });
          number(fields[i][0], label, (v) => view.fields(state)[i][2](v), ...fields[i].slice(3));
          return label;
        }).forEach((label, i) => {
          label.firstChild.data = `${fields[i][0]} `;
          fill(set(label.lastChild, { "aria-label": fields[i][0] }), fields[i][1]);
        });
        const href = `${BASE}${name}.html#${name}:${toText(s, standard)}`;
        set(full, { href });
        embed.value = `<iframe src="${href}" title="${view.label}" loading="lazy" width="100%" height="${room(more)}" style="border:0"></iframe>`;
      };
    }

    // The address: each figure has its own part, `#bells:means=1,9/coins:…`.
    // Mail and chats encode commas.
    const parts = () => {
      const { hash } = location;
      try {
        return decodeURIComponent(hash).slice(1).split("/");
      } catch {
        return hash.slice(1).split("/");
      }
    };
    const mine = (part) => part.startsWith(key);
    function write() {
      const text = toText(state, initial), others = parts().filter((part) => part.includes(":") && !mine(part));
      if (text) others.push(key + text);
      // An embedding page may forbid it: the figure works without.
      try {
        window.history.replaceState(null, "", `#${others.join("/")}`);
      } catch {}
    }
    function load() {
      if (!(touched = parts().find(mine))) return;
      meant ??= figure;
      stop();
      history.push(state);
      try {
        show(fromText(view, touched.slice(key.length), groups));
      } catch (part) {
        show(initial);
        say("A guess.", `The address cannot be shown: ${`${part}`.slice(0, 60)}. This figure takes ${view.takes}.`);
      }
      return true;
    }

    play.width = stage.getBoundingClientRect().width;
    new ResizeObserver(([{ contentRect: { width } }]) => {
      if (width === play.width) return;
      play.width = width;
      ask();
    }).observe(stage);
    still.addEventListener("change", () => {
      stop();
      ask();
    });
    addEventListener("hashchange", () => load() && figure.scrollIntoView({ block: "nearest" }));
    load();
    history = [];
    render(); // at once: what stands below does not jump
    if (linked) {
      addEventListener("load", () => send("wants", { names: names.map(([name]) => name) }));
      document.addEventListener("em:ran", ({ detail: { values } }) => {
        if (names.some(([name]) => Object.hasOwn(values, name))) ended = values;
      });
      document.addEventListener("em:show", () => {
        if (!ended) return;
        fromProgram();
        stage.scrollIntoView({ block: "center" });
      });
    }

    // Play two half-steps when in sight, unless a hand is laid on anything.
    for (const kind of ["pointerdown", "keydown", "click"])
      figure.addEventListener(kind, ({ target }) => {
        touched = true;
        if (target !== playing) stop();
      }, true);
    if (config.autoplay) new IntersectionObserver(([{ isIntersecting }], watch) => {
      if (!isIntersecting) return;
      watch.disconnect();
      if (!touched && !still.matches) toggle();
    }, { threshold: 0.6 }).observe(stage);
  }

  Object.assign(EM, {
    make, set, size, sync, num, small, quotient, marker, points, paths, put, clamp, ghosts, ticks, fill, map, cloud, line, table,
    shares, mixing, start, weighty, counted, frame, NAMES, LETTERS,
  });
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("figure.live").forEach(start));
}
