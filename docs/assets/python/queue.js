// Python in a worker: one at a time, in the order in which they were asked for.
"use strict";

const { src: HERE, dataset: { base: BASE } } = document.currentScript;
const queue = [];
let worker, running, runs = 0;

// Runs blocks; `hear` is told what comes of it, kind by kind.
function ask(blocks, wanted, hear) {
  const job = { id: ++runs, blocks, wanted, hear };
  queue.push(job);
  hear("waits");
  next();
  return job;
}

function next() {
  if (running || !(running = queue.shift())) return;
  const { hear, ...data } = running;
  hear(worker ? "begins" : "boots");
  worker ??= hired();
  const base = new URL(BASE, document.baseURI).href, site = new URL("../../", HERE).href;
  worker.postMessage({ ...data, base, site });
}

function hired() {
  const one = new Worker(new URL("worker.js", HERE));
  one.onmessage = ({ data: { id, kind, rest } }) => {
    if (id !== running?.id) return;
    const { hear } = running;
    if (kind === "lost" || kind === "broken") dismiss();
    if (["done", "failed", "lost", "broken"].includes(kind)) running = undefined;
    hear(kind, ...rest);
    next();
  };
  one.onerror = () => {
    const job = running;
    dismiss();
    running = undefined;
    job?.hear("lost", "");
    next();
  };
  return one;
}

function dismiss() {
  worker?.terminate();
  worker = undefined;
}

// Ends a run: at once, and Python with it, which cannot be interrupted.
function stop(job) {
  if (job === running) {
    dismiss();
    running = undefined;
    job.hear("stopped", true);
  } else if (queue.includes(job)) {
    queue.splice(queue.indexOf(job), 1);
    job.hear("stopped", false);
  }
  next();
}
