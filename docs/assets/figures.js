// Figures that step. The page holds all that is ever shown, drawn when it was built; this
// shows a part of it. The slider is a native one, so arrow keys work and screen readers
// announce it.
"use strict";

const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");

document.querySelectorAll("figure.stepper").forEach((figure, place) => {
  const frames = [...figure.querySelectorAll(".frame")];
  const part = (name) => figure.querySelector(name);
  const [back, next, play, link, status, slider, speed] = [
    ".back", ".next", ".play", ".link", "[role=status]", "input", "select",
  ].map(part);
  const last = frames.length - 1;
  const name = `step-${place + 1}`;
  let timer = null;

  function show(step) {
    slider.value = step;
    frames.forEach((frame, number) => {
      frame.classList.toggle("shown", number === step);
    });
    const told = frames[step].querySelector(".told").textContent;
    slider.setAttribute("aria-valuetext", told);
    back.disabled = step === 0;
    next.disabled = step === last;
    link.href = `#${name}=${step}`;
    return told;
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    // Where motion is unwelcome, nothing plays: there are Back and Next.
    play.hidden = speed.hidden = stillness.matches;
  }

  // What a button does is said; a slider speaks for itself.
  function go(step) {
    pause();
    status.textContent = show(step);
  }

  function start() {
    pause();
    if (Number(slider.value) === last) show(0);
    play.textContent = "Pause";
    timer = setInterval(() => {
      show(Number(slider.value) + 1);
      if (Number(slider.value) === last) pause();
    }, Number(speed.value));
  }

  // A button that has gone dead must not take the focus with it.
  back.addEventListener("click", () => {
    go(Number(slider.value) - 1);
    if (back.disabled) next.focus();
  });
  next.addEventListener("click", () => {
    go(Number(slider.value) + 1);
    if (next.disabled) back.focus();
  });
  play.addEventListener("click", () => (timer ? pause() : start()));
  speed.addEventListener("change", () => timer && start());
  slider.addEventListener("input", () => {
    pause();
    show(Number(slider.value));
  });
  stillness.addEventListener("change", pause);

  // An address that ends in #step-2=7 shows step 7 of the second such figure.
  function fromAddress() {
    const [, step] = location.hash.match(`^#${name}=(\\d+)$`) ?? [];
    if (step === undefined) return false;
    pause();
    show(Math.min(Number(step), last));
    figure.scrollIntoView({ block: "nearest" });
    return true;
  }
  window.addEventListener("hashchange", fromAddress);
  pause();
  fromAddress() || show(0);
});
