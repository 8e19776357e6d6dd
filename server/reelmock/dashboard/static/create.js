// New video: what is chosen goes into the fields, and the fields into a curl command.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("slate");
  const picture = $("input_reference");
  const GATE = 10.4 / 15; // how high the gate is at most, of its width
  let shown = ""; // the address of the picture that is shown

  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  // Which choices are taken, and which the model does not have.
  function mark() {
    const model = [...form.querySelectorAll('[data-fill="model"]')].find((one) => one.dataset.value === $("model").value);
    const known = { size: model && model.dataset.sizes.split(" "), seconds: model && model.dataset.lengths.split(" ") };
    form.querySelectorAll("[data-fill]").forEach((pick) => {
      const { fill, value } = pick.dataset;
      pick.setAttribute("aria-pressed", String($(fill).value === value));
      const isForeign = Boolean(known[fill]) && !known[fill].includes(value);
      pick.classList.toggle("foreign", isForeign);
      pick.title = isForeign ? "The model does not have this." : "";
    });
  }

  // The gate of the camera: as wide and as high as the clip.
  function frame() {
    const found = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec($("size").value);
    $("gate").style.aspectRatio = found ? `${found[1]} / ${found[2]}` : "1";
    $("gate").classList.toggle("tall", !found || found[2] / found[1] > GATE);
    $("gate-size").textContent = found ? $("size").value : "?";
  }

  function preview() {
    if (shown) URL.revokeObjectURL(shown);
    const [file] = picture.files;
    shown = file && file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
    for (const image of [$("preview"), $("framed")]) {
      image.hidden = !shown;
      if (shown) image.src = shown; else image.removeAttribute("src");
    }
    $("clear").hidden = $("picture").hidden = !file;
    $("drop-words").hidden = Boolean(file);
    $("picture").textContent = file ? `${file.name} · ${file.type || "no type"} · ${file.size.toLocaleString("en")} bytes` : "";
  }
  const hide = (event) => { event.target.hidden = true; };
  $("preview").addEventListener("error", hide);
  $("framed").addEventListener("error", hide);

  function take(files) {
    const one = new DataTransfer();
    if (files.length) one.items.add(files[0]);
    picture.files = one.files;
    changed(picture);
  }

  // The command: quoted so that a shell says what the form does.
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  function part([name, value]) {
    if (!(value instanceof File)) return `--form-string ${quoted(`${name}=${value}`)}`;
    const file = value.name.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    return `-F ${quoted(`${name}=@"${file}"${value.type ? `;type=${value.type}` : ""}`)}`;
  }
  function command() {
    const level = $("level").value;
    const said = [...new FormData(form)].filter(([, value]) => value instanceof File ? value.name : value !== "");
    const lines = [
      `curl -X POST ${location.origin}/v1/videos`, '-H "Authorization: Bearer $OPENAI_API_KEY"',
      ...(level ? [`-H 'X-Reelmock-Contract: ${level}'`] : []), ...said.map(part),
    ];
    $("curl").textContent = lines.join(" \\\n  ");
  }

  function written() {
    mark();
    frame();
    command();
  }

  form.addEventListener("input", (event) => {
    if (event.target === picture) preview();
    $("outcome").replaceChildren();
    written();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("fill" in button.dataset) {
      $(button.dataset.fill).value = button.dataset.value;
      changed($(button.dataset.fill));
    } else if ("insert" in button.dataset) {
      insert(button.dataset.insert);
    } else if (button.id === "clear") {
      take([]);
      picture.focus();
    } else if (button.id === "more") {
      more();
    }
  });

  function insert(words) {
    const prompt = $("prompt");
    const { selectionStart: start, selectionEnd: end, value } = prompt;
    const before = value.slice(0, start), after = value.slice(end);
    const gap = (text, edge) => (text && !edge.test(text) ? " " : "");
    prompt.setRangeText(gap(before, /\s$/) + words + gap(after, /^\s/), start, end, "end");
    prompt.focus();
    changed(prompt);
  }

  function more() {
    const cast = $("characters");
    const next = cast.lastElementChild.cloneNode();
    const place = cast.children.length;
    next.name = `characters[${place}][id]`;
    next.setAttribute("aria-label", `Id of character ${place + 1}`);
    next.value = "";
    cast.append(next);
    next.focus();
  }

  // A picture may be dropped anywhere, or pasted.
  const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    $("drop").classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) $("drop").classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    $("drop").classList.remove("over");
    take(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => {
    if (event.clipboardData && event.clipboardData.files.length) take(event.clipboardData.files);
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const level = $("level").value;
    if (level) event.detail.headers["X-Reelmock-Contract"] = level;
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target === form) $("outcome").textContent = "The server did not answer.";
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const field of form.querySelectorAll("[aria-describedby]")) {
      const [remark] = field.getAttribute("aria-describedby").split(" ");
      field.setAttribute("aria-invalid", String(Boolean($(remark).querySelector(".wrong"))));
    }
  });

  preview();
  written();
})();
