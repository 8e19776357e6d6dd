// One video: the spritesheet goes by under the mouse, a finger or the arrow keys.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const ready = new Map();

  const scrubOf = (event) => event.target instanceof Element && event.target.closest("#v-scrub");
  const length = (scrub) => Number(scrub.getAttribute("aria-valuemax")) + 1;

  // The sheet is made when it is first asked for; until it is there the thumbnail stands.
  function sheet(scrub) {
    const url = scrub.dataset.sheet;
    if (!ready.has(url)) {
      const picture = new Image();
      ready.set(url, false);
      picture.onload = () => { ready.set(url, true); if (scrub.isConnected) place(scrub); };
      picture.onerror = () => ready.delete(url);
      picture.src = url;
    }
    return ready.get(url);
  }

  function place(scrub) {
    const { columns, rows, sheet: url } = scrub.dataset;
    const second = Number(scrub.getAttribute("aria-valuenow"));
    const { width, height } = scrub.querySelector("svg").viewBox.baseVal;
    const tile = $("v-tile");
    tile.setAttribute("href", url);
    tile.setAttribute("width", columns * width);
    tile.setAttribute("height", rows * height);
    tile.setAttribute("x", -(second % columns) * width);
    tile.setAttribute("y", -Math.floor(second / columns) * height);
    scrub.dataset.shown = second;
  }

  function turn(scrub, second) {
    const most = length(scrub) - 1;
    second = Math.min(most, Math.max(0, second));
    scrub.setAttribute("aria-valuenow", second);
    scrub.setAttribute("aria-valuetext", `Second ${second} of ${most + 1}`);
    $("v-second").textContent = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
    $("v-needle").style.width = `${((second + 1) / (most + 1)) * 100}%`;
    if (sheet(scrub)) place(scrub);
  }

  function under(scrub, event) {
    const box = scrub.getBoundingClientRect();
    return Math.floor(((event.clientX - box.left) / box.width) * length(scrub));
  }

  function play(scrub) {
    const player = $("v-player");
    if (player) player.currentTime = Number(scrub.getAttribute("aria-valuenow"));
  }

  document.addEventListener("pointermove", (event) => {
    const scrub = scrubOf(event);
    if (scrub) turn(scrub, under(scrub, event));
  });
  document.addEventListener("click", (event) => {
    const scrub = scrubOf(event);
    if (!scrub) return;
    turn(scrub, under(scrub, event));
    play(scrub);
  });
  document.addEventListener("focusin", (event) => {
    const scrub = scrubOf(event);
    if (scrub) sheet(scrub);
  });
  document.addEventListener("keydown", (event) => {
    const scrub = scrubOf(event);
    if (!scrub) return;
    const now = Number(scrub.getAttribute("aria-valuenow"));
    const to = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, PageUp: now + 5, PageDown: now - 5, Home: 0, End: length(scrub) - 1 };
    if (event.key in to) turn(scrub, to[event.key]);
    else if (event.key === "Enter" || event.key === " ") play(scrub);
    else return;
    event.preventDefault();
  });
})();
