// Projects: a new one comes in at the head of the shelf, and the first one is gone to.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);

  document.addEventListener("reel:new", (event) => {
    const can = event.detail;
    if (!can.classList.contains("can")) return;
    const shelf = $("cans");
    if ("first" in shelf.dataset) {
      location.replace(can.querySelector("a").href);
      return;
    }
    shelf.prepend(can);
  });

  document.addEventListener("reel:stale", () => {
    if ("first" in $("cans").dataset) return; // what there is by now is told anew
    htmx.ajax("GET", location.pathname + location.search, { target: "#list", swap: "outerHTML" });
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "list") document.dispatchEvent(new CustomEvent("reel:listen"));
  });
  addEventListener("popstate", (event) => { if (event.state) location.reload(); });
})();
