// The traffic: new rows come in at its head, and an exchange opens below its row.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const MOST = 300; // rows that stand in the page while one looks at its head
  const HELD = 120; // rows that wait while one looks elsewhere
  const HEAD = 240; // pixels from the top within which one looks at its head
  let held = new Map(); // by number
  let from = 0; // what is older than this is to be read anew

  const log = () => $("log");
  const rows = () => [...log().querySelectorAll(".entry")];
  const numberOf = (row) => Number(row.dataset.number);
  const openedOf = (row) => $(`opened-${row.dataset.number}`);
  const isReading = () => scrollY > HEAD || log().querySelector(".opened") !== null;

  // A row has its place by its number; one behind the last that is read comes with the rest.
  function add(row) {
    const number = numberOf(row);
    const next = rows().find((one) => numberOf(one) < number);
    if (next) next.before(row);
    else if (!$("more")) log().append(row);
  }

  function flush() {
    const coming = [...held.values()].sort((a, b) => numberOf(b) - numberOf(a));
    held.clear();
    if (from) dropBelow(from);
    from = 0;
    const first = rows()[0];
    const head = coming.filter((row) => !first || numberOf(row) > numberOf(first));
    log().prepend(...head);
    coming.slice(head.length).forEach(add);
    head.forEach((row) => htmx.process(row));
    $("newer").hidden = true;
    trim();
  }

  function remove(row) {
    openedOf(row)?.remove();
    row.remove();
  }

  function dropBelow(number) {
    rows().filter((row) => numberOf(row) < number).forEach(remove);
    writeMore(number);
  }

  function trim() {
    const there = rows();
    if (there.length <= MOST || isReading()) return;
    there.slice(MOST / 2).forEach(remove);
    writeMore(numberOf(there[MOST / 2 - 1]));
  }

  // What was left out below can be had again.
  function writeMore(before) {
    $("more")?.remove();
    const more = document.createElement("li");
    more.id = "more";
    more.className = "more";
    more.textContent = "Older exchanges…";
    const url = new URL(log().dataset.more, location);
    url.searchParams.set("before", before);
    more.setAttribute("hx-get", url.pathname + url.search);
    more.setAttribute("hx-trigger", "intersect once");
    more.setAttribute("hx-swap", "outerHTML");
    log().append(more);
    htmx.process(more);
  }

  // The journal forgets the oldest reads and the oldest writes.
  function forget() {
    for (const row of rows().reverse()) {
      if (numberOf(row) < Number($("kept").dataset[row.dataset.kind]) && !openedOf(row)) row.remove();
    }
  }

  function holdBack() {
    if (held.size > HELD) {
      const kept = [...held.values()].sort((a, b) => numberOf(b) - numberOf(a)).slice(0, HELD / 2);
      held = new Map(kept.map((row) => [numberOf(row), row]));
      from = Math.max(from, numberOf(kept.at(-1)));
    }
    const newer = $("newer");
    const words = held.size === 1 ? "1 newer exchange" : `${held.size} newer exchanges`;
    newer.textContent = from ? `More than ${words}` : words;
    newer.hidden = held.size === 0;
  }

  document.addEventListener("reel:new", (event) => {
    const row = event.detail;
    if (row.classList.contains("entry")) held.set(numberOf(row), row);
  });

  document.addEventListener("reel:told", () => {
    from = Math.max(from, Number($("kept").dataset.from));
    $("kept").dataset.from = "0";
    for (const number of held.keys()) if (number < from) held.delete(number);
    if (!held.size) from = 0;
    if (isReading()) holdBack();
    else flush();
    forget();
    mark();
    listenFromHere();
  });

  // A connection that was lost goes on behind what was told last.
  function listenFromHere() {
    const url = new URL(log().dataset.live, location);
    for (const name of ["began", "since"]) url.searchParams.set(name, $("kept").dataset[name]);
    log().dataset.live = url.pathname + url.search;
  }

  $("newer").addEventListener("click", () => {
    scrollTo({ top: 0 });
    flush();
    rows()[0]?.querySelector(".what").focus({ preventScroll: true });
  });

  // The list is read anew: what stands open in it stays so.
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "list") kept = [...log().querySelectorAll(".opened")];
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "list") return;
    kept.forEach((one) => $(one.dataset.row)?.after(one));
    kept = [];
    held.clear();
    from = 0;
    $("newer").hidden = true;
    mark();
    document.dispatchEvent(new CustomEvent("reel:listen"));
  });
  document.addEventListener("reel:stale", (event) => {
    if (event.detail === "again") return; // what was missed is told by itself
    kept = [];
    log().querySelectorAll(".opened").forEach((one) => one.remove());
    htmx.ajax("GET", location.pathname + location.search, { target: "#list", swap: "outerHTML" });
  });

  // Which rows are open is said to those who do not see it.
  function mark() {
    for (const one of log().querySelectorAll(".opened")) $(`${one.dataset.row}-link`)?.setAttribute("aria-expanded", "true");
  }

  function open(row) {
    const opened = document.createElement("li");
    opened.id = `opened-${row.dataset.number}`;
    opened.className = "opened";
    opened.dataset.row = row.id;
    row.after(opened);
    mark();
    htmx.ajax("GET", row.querySelector(".what").getAttribute("href"), { target: opened });
  }

  function close(row) {
    openedOf(row).remove();
    const link = row.querySelector(".what");
    link.setAttribute("aria-expanded", "false");
    link.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    const { target, successful } = event.detail;
    if (!successful && target?.classList.contains("opened")) close($(target.dataset.row));
  });

  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-close]")?.dataset.close;
    if (number) close($(`entry-${number}`));
    const link = event.target.closest(".what");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest(".entry");
    if (openedOf(row)) close(row);
    else open(row);
  });

  document.addEventListener("keydown", (event) => {
    const opened = event.target.closest(".opened");
    if (event.key === "Escape" && opened) close($(opened.dataset.row));
    const row = event.target.closest(".entry");
    if (!row || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") { if (openedOf(row)) close(row); return; }
    const there = rows();
    const next = there[there.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.querySelector(".what").focus();
  });

  addEventListener("popstate", (event) => { if (event.state) location.reload(); });
})();
