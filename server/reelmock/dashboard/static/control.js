// The control page: its large counter, what it asks before, and files that are sent.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);

  // The large counter shows what the header's does.
  const copied = new MutationObserver(copyTime);
  function copyTime() {
    for (const part of ["day", "time"]) {
      const told = $(`clock-${part}`).textContent;
      if ($(`leader-${part}`).textContent !== told) $(`leader-${part}`).textContent = told;
    }
  }
  copied.observe($("clock"), { subtree: true, childList: true, characterData: true });
  copyTime();

  // The address says what the page showed when it was written. Once it may show something
  // else, all of it is to be told again.
  document.addEventListener("reel:stale", () => {
    const [address, seen] = document.body.dataset.live.split("?");
    if (!seen) return;
    document.body.dataset.live = address;
    document.dispatchEvent(new CustomEvent("reel:listen"));
  });

  // What was asked for and is gone from the page leaves the keyboard at its section.
  document.addEventListener("htmx:afterRequest", (event) => {
    const button = event.target.closest?.("button.go");
    if (button && event.detail.successful) $("faults-head").focus({ preventScroll: true });
    if (event.target.closest?.("#reset-ask")) $("reset-ask").close();
    if (event.target.id === "arm" && event.detail.successful) clear(event.target);
  });

  // One of its fields is called "reset", and hides the verb.
  function clear(form) {
    HTMLFormElement.prototype.reset.call(form);
  }

  // A refused text: the cursor goes where it is wrong.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "scene-text") $("scene-refused").replaceChildren();
    const wrong = event.target.id === "scene-refused" && event.target.querySelector("[data-line]");
    if (wrong) select(Number(wrong.dataset.line), Number(wrong.dataset.column));
  });
  function select(line, column) {
    const text = $("scene-text");
    const lines = text.value.split("\n");
    const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const from = begin + column - 1;
    const end = begin + (lines[line - 1] || "").length;
    text.focus();
    text.setSelectionRange(from, Math.max(from, end));
    text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
  }

  $("reset-open").addEventListener("click", () => {
    $("reset-ask").querySelector("form").reset();
    $("state-done").replaceChildren();
    $("reset-ask").showModal();
  });
  $("reset-leave").addEventListener("click", () => $("reset-ask").close());

  $("restore").addEventListener("submit", (event) => {
    event.preventDefault();
    $("restore-name").textContent = $("restore-file").files[0].name;
    $("restore-ask").returnValue = "leave";
    $("restore-ask").showModal();
  });
  $("restore-ask").addEventListener("close", () => {
    if ($("restore-ask").returnValue === "restore") restore($("restore-file").files[0]);
  });

  // fetch tells nothing of how much was sent.
  function restore(file) {
    const request = new XMLHttpRequest();
    request.open("PUT", $("restore").dataset.snapshot);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) $("restore-progress").value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      $("restoring").hidden = true;
      setSending(false);
      if (request.status === 200) restored(request.response.data);
      else refused(request.response?.error);
    });
    $("notice").replaceChildren();
    $("state-done").replaceChildren();
    $("restore-progress").value = 0;
    $("restoring").hidden = false;
    setSending(true);
    request.send(file);
  }
  function setSending(isSending) {
    for (const button of document.querySelectorAll("#restore button, #reset-open")) button.disabled = isSending;
  }
  function restored(projects) {
    const counted = (one, what) => `${one[what]} ${one[what] === 1 ? what.slice(0, -1) : what}`;
    const told = projects.map((one) => ["videos", "files", "characters"].map((what) => counted(one, what)).join(", "));
    $("state-done").replaceChildren(said("good", `Restored: ${told.join("; ")}.`));
    $("restore").reset();
  }
  function refused(error) {
    const told = error ? `${error.message} ${error.hint}` : "The server did not take the file.";
    $("state-done").replaceChildren(said("wrong", told));
  }
  function said(kind, text) {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = text;
    return made;
  }
})();
