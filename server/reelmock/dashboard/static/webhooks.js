// Webhooks: after a part of the list was asked for, what changes in it is told.
"use strict";

(() => {
  // What is written on the address of the page is what is listened for.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "deliveries") return;
    const live = new URL(document.body.dataset.live, location);
    const asked = new URLSearchParams(location.search);
    for (const name of ["status", "endpoint"]) live.searchParams.set(name, asked.get(name) || "");
    live.searchParams.delete("seen");
    document.body.dataset.live = live.pathname + live.search;
    document.dispatchEvent(new CustomEvent("reel:listen"));
  });

  // After the connection was lost all is told anew.
  document.addEventListener("reel:stale", () => {
    const live = new URL(document.body.dataset.live, location);
    if (!live.searchParams.has("seen")) return;
    live.searchParams.delete("seen");
    document.body.dataset.live = live.pathname + live.search;
    document.dispatchEvent(new CustomEvent("reel:listen"));
  });
  addEventListener("popstate", (event) => { if (event.state) location.reload(); });
})();
