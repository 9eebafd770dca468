// Python in a worker: one run at a time, in the order in which they were asked for.
"use strict";

const { src: HERE, dataset: { base: BASE, site: SITE } } = document.currentScript;
const ON_DISK = location.protocol === "file:";
const queue = [];
let worker, running, runs = 0;

// Runs blocks; `hear` is told what comes of it, kind by kind.
function ask(blocks, wanted, hear) {
  const job = { id: ++runs, blocks, wanted, hear };
  queue.push(job);
  next();
  return job;
}

function next() {
  if (running || !(running = queue.shift())) return;
  const { hear, ...data } = running;
  hear("say", worker ? "" : "Python is coming, once.");
  const site = ON_DISK ? SITE : new URL("../../", HERE).href;
  worker ??= hired();
  worker.then((one) => one.postMessage({ ...data, site, base: new URL(BASE, site).href }));
}

async function hired() {
  let address = new URL("worker.js", HERE);
  if (ON_DISK) { // no browser starts a worker from there, but from a text that a page has
    await new Promise((onload) => document.head.append(made("script", { src: address, onload })));
    address = URL.createObjectURL(new Blob([`(${pythonWorker})()`]));
  }
  const one = new Worker(address);
  one.onmessage = ({ data: [id, ...told] }) => id === running?.id && hear(...told);
  one.onerror = () => hear("lost", "Python could not be fetched.");
  return one;
}

function hear(kind, ...rest) {
  const { hear } = running;
  if (kind === "lost") dismiss();
  if (/done|failed|lost/.test(kind)) running = undefined;
  hear(kind, ...rest);
  next();
}

function dismiss() {
  worker?.then((one) => one.terminate());
  worker = undefined;
}

// Ends a run: at once, and Python with it, which cannot be interrupted.
function stop(job) {
  if (job === running) {
    // Who waited might run the same endless loop again.
    for (const one of queue.splice(0)) one.hear("lost", "Stopped, too.");
    return hear("lost", "Stopped. The next run starts Python anew.");
  }
  queue.splice(queue.indexOf(job), 1);
  job.hear("lost", "Taken back.");
}
