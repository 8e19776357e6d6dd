// What every page does by itself: it hears what changed, and its clock goes on.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  let source = null;
  let wasOpen = false;
  let again = 0;
  const AGAIN = 3000; // milliseconds after which a refused connection is tried again

  // Parts come from our own templates, where everything is escaped.
  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return [...template.content.children];
  }

  function place(part) {
    const there = $(part.id);
    if ("gone" in part.dataset) {
      if (there) there.remove();
    } else if (there) {
      Idiomorph.morph(there, part, { ignoreActiveValue: isFilledIn(document.activeElement), callbacks: { beforeAttributeUpdated } });
      htmx.process($(part.id));
    } else {
      document.dispatchEvent(new CustomEvent("reel:new", { detail: part }));
    }
  }

  // What somebody types stays. A button that has the focus is to say what it does by now.
  function isFilledIn(element) {
    return Boolean(element && element.matches("input, select, textarea"));
  }

  // A picture that was asked for already stays, though the part does not say so; and what
  // somebody opened stays open.
  function beforeAttributeUpdated(name, node) {
    if (name === "open" && node.matches("details")) return false;
    return name !== "src" || !("src" in node.dataset);
  }

  function tell(html) {
    parsed(html).forEach(place);
    document.dispatchEvent(new CustomEvent("reel:told"));
  }

  // The server said so, or the connection was lost for a while: a page may know better then.
  function refresh(said) {
    document.dispatchEvent(new CustomEvent("reel:stale", { detail: said ? "said" : "again" }));
  }

  function open() {
    const from = document.querySelector("main [data-live]") || document.body;
    const url = from.dataset.live;
    if (!url) return;
    close();
    source = new EventSource(url);
    source.addEventListener("open", () => {
      $("lost").hidden = true;
      if (wasOpen) refresh();
      wasOpen = true;
    });
    source.addEventListener("error", () => {
      $("lost").hidden = false;
      // After a refusal a browser does not try again by itself.
      if (source && source.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN);
    });
    source.addEventListener("parts", (event) => tell(event.data));
    source.addEventListener("stale", refresh);
    source.addEventListener("progress", (event) => {
      document.dispatchEvent(new CustomEvent("reel:progress", { detail: JSON.parse(event.data) }));
    });
  }

  function close() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }

  // A browser keeps six connections to a host: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close(); else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("reel:listen", () => { wasOpen = false; open(); });

  // The counter shows project time: it is told where it stands, and how fast it goes.
  let begun = null;
  function tick() {
    const clock = $("clock");
    if (!clock) return;
    const { now, speed } = clock.dataset;
    if (!begun || begun.now !== now || begun.speed !== speed) begun = { now, speed, at: performance.now() };
    const shown = new Date(Number(now) + (performance.now() - begun.at) * Number(speed));
    const text = Number.isNaN(shown.getTime()) ? "" : shown.toISOString();
    write("clock-day", text.slice(0, 10));
    write("clock-time", text.slice(11, 19));
  }
  function write(id, text) {
    if (text && $(id).textContent !== text) $(id).textContent = text;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("dismiss" in button.dataset) button.closest(".notice").remove();
    if ("copy" in button.dataset) copy(button);
  });
  async function copy(button) {
    await navigator.clipboard.writeText($(button.dataset.copy).textContent);
    $("spoken").textContent = "Copied";
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, 1500);
  }
  document.addEventListener("htmx:beforeRequest", () => { $("notice").replaceChildren(); });
  // A field that was left empty is a field that was not sent.
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.formData;
    if (!form || event.detail.verb === "get") return;
    for (const [name, value] of [...form.entries()]) {
      if (value === "" || (value instanceof File && !value.name)) form.delete(name);
    }
  });

  setInterval(tick, 250);
  tick();
  open();
})();
