// Webhooks: what the filter asks for is what is told; forms know the endpoints and the weather.
"use strict";

(() => {
  const $$ = (which) => [...document.querySelectorAll(which)];

  function listen(change) {
    const live = new URL(document.body.dataset.live, location);
    change(live.searchParams);
    live.searchParams.delete("seen");
    document.body.dataset.live = live.pathname + live.search;
    document.dispatchEvent(new CustomEvent("reel:listen"));
  }

  // What is written on the address of the page is what is listened for.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "deliveries") return;
    const asked = new URLSearchParams(location.search);
    listen((live) => {
      for (const name of ["status", "endpoint", "before"]) live.set(name, asked.get(name) || "");
    });
  });

  // After the connection was lost all is told anew.
  document.addEventListener("reel:stale", () => {
    if (new URL(document.body.dataset.live, location).searchParams.has("seen")) listen(() => {});
  });
  addEventListener("popstate", (event) => { if (event.state) location.reload(); });

  // An endpoint can be chosen as long as it stands in the list; what was chosen stays chosen.
  document.addEventListener("reel:told", () => {
    const there = new Map($$("#endpoints [data-endpoint]").map((one) => [one.dataset.endpoint, one.dataset.name]));
    for (const select of $$("select[data-endpoints]")) {
      for (const option of [...select.options].slice(1)) if (!there.has(option.value)) option.remove();
      const known = new Set([...select.options].map((option) => option.value));
      for (const [id, name] of there) if (!known.has(id)) select.add(new Option(name, id));
    }
  });

  // Only some kinds of weather take seconds, and only one can be signed as it is sent.
  function offer(form) {
    const { seconds, signed } = form.querySelector("[name=kind]:checked").dataset;
    form.elements.seconds.disabled = seconds === undefined;
    form.elements.seconds.placeholder = seconds || "none";
    form.elements.signed.disabled = signed === undefined;
  }
  for (const form of $$("#begin")) {
    form.addEventListener("change", () => offer(form));
    offer(form);
  }

  // An endpoint that was made is not made once more by the next press.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.id === "add" && detail.successful) detail.elt.reset();
  });
})();
