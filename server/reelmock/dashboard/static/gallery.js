// The gallery: new strips come in at its head, and thumbnails one at a time.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const MOST = 300; // strips that stand in the page while one looks at its head
  const HEAD = 240; // pixels from the top within which one looks at its head
  const STAY = 300; // milliseconds that a strip is seen before its thumbnail is asked for
  let held = [];

  const atHead = () => scrollY < HEAD;

  function add(strip) {
    const reel = $("reel");
    const first = reel.querySelector(".strip");
    if (first && Number(strip.dataset.ordinal) < Number(first.dataset.ordinal)) return;
    reel.prepend(strip);
    watch(strip);
  }

  function flush() {
    const strips = held;
    held = [];
    strips.forEach(add);
    trim();
    $("newer").hidden = true;
  }

  // What was left out below can be had again: where it goes on is written anew.
  function trim() {
    const strips = $("reel").querySelectorAll(".strip");
    if (strips.length <= MOST) return;
    const last = strips[MOST / 2 - 1];
    while (last.nextElementSibling) last.nextElementSibling.remove();
    const more = document.createElement("li");
    more.id = "more";
    more.className = "more";
    more.textContent = "Older videos…";
    const url = new URL($("reel").dataset.live, location);
    url.pathname = url.pathname.replace(/live\/videos$/, "videos/more");
    url.searchParams.set("before", last.dataset.ordinal);
    more.setAttribute("hx-get", url.pathname + url.search);
    more.setAttribute("hx-trigger", "intersect once");
    more.setAttribute("hx-swap", "outerHTML");
    last.after(more);
    htmx.process(more);
  }

  document.addEventListener("reel:new", (event) => {
    const strip = event.detail;
    if (!strip.classList.contains("strip")) return;
    held = held.filter((one) => one.id !== strip.id);
    held.push(strip);
  });

  document.addEventListener("reel:told", () => {
    if (!held.length) return;
    if (atHead()) { flush(); return; }
    const newer = $("newer");
    newer.textContent = held.length === 1 ? "1 newer video" : `${held.length} newer videos`;
    newer.hidden = false;
  });

  document.addEventListener("reel:stale", () => {
    held = [];
    htmx.ajax("GET", location.pathname + location.search, { target: "#list", swap: "outerHTML" });
  });

  document.addEventListener("reel:progress", (event) => {
    for (const [id, percent] of Object.entries(event.detail)) {
      const strip = $(id);
      const bar = strip && strip.querySelector("progress");
      if (!bar) continue;
      bar.value = percent;
      strip.querySelector(".percent").textContent = `${percent} %`;
    }
  });

  $("newer").addEventListener("click", () => { scrollTo({ top: 0 }); flush(); });

  // Thumbnails are made when they are first asked for: only for what stays in sight.
  const waiting = new Map();
  let isBusy = false;
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target));
      waiting.delete(target);
      if (isIntersecting) waiting.set(target, setTimeout(() => { queue.push(target); next(); }, STAY));
    }
  });
  const queue = [];
  function next() {
    if (isBusy || !queue.length) return;
    const picture = queue.shift();
    if (!picture.isConnected || picture.hasAttribute("src")) { next(); return; }
    isBusy = true;
    picture.onload = picture.onerror = () => { isBusy = false; next(); };
    picture.src = picture.dataset.src;
    sight.unobserve(picture);
  }
  function watch(root) {
    root.querySelectorAll("img[data-src]:not([src])").forEach((picture) => sight.observe(picture));
  }

  document.addEventListener("reel:told", () => watch(document));
  document.addEventListener("htmx:afterSettle", (event) => {
    watch(document);
    if (event.target.id === "list") document.dispatchEvent(new CustomEvent("reel:listen"));
  });
  // Only what a search has put there: the way to a place of this page is no step back.
  addEventListener("popstate", (event) => { if (event.state) location.reload(); });
  watch(document);
})();
