// Figures that step and figures with a choice of starts. The page holds all that is
// ever shown, drawn when it was built; this shows a part of it. Slider and choices are
// native ones, so arrow keys work and screen readers announce them.
"use strict";

const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
const PACE = 700; // milliseconds a step

for (const figure of document.querySelectorAll("figure.stepper")) {
  const frames = [...figure.querySelectorAll(".frame")];
  const slider = figure.querySelector("input");
  const button = figure.querySelector("button");
  let timer = null;

  function show() {
    const step = Number(slider.value);
    frames.forEach((frame, number) => {
      frame.classList.toggle("shown", number === step);
    });
    slider.setAttribute(
      "aria-valuetext",
      frames[step].querySelector(".told").textContent,
    );
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    // Where motion is unwelcome, nothing plays: the button takes one step.
    button.textContent = stillness.matches ? "Next" : "Play";
  }

  function advance() {
    const end = slider.value === slider.max;
    if (end && timer) return pause();
    slider.value = end ? 0 : Number(slider.value) + 1;
    show();
  }

  button.addEventListener("click", () => {
    if (timer) return pause();
    advance();
    if (stillness.matches) return;
    timer = setInterval(advance, PACE);
    button.textContent = "Pause";
  });
  slider.addEventListener("input", () => {
    if (timer) pause();
    show();
  });
  stillness.addEventListener("change", pause);
  pause();
  show();
}

for (const figure of document.querySelectorAll("figure.picker")) {
  const told = figure.querySelector(".told");

  function pick(choice) {
    for (const run of figure.querySelectorAll("[data-run]")) {
      run.classList.toggle("shown", run.dataset.run === choice.value);
    }
    told.textContent = choice.getAttribute("aria-label");
  }

  figure.addEventListener("change", (event) => pick(event.target));
  // After a reload the browser may remember another choice than the page's.
  pick(figure.querySelector("input:checked"));
}
