"""Whatever anybody wrote is text on every page, and no foreign page changes anything."""

from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.domain import ids
from reelmock.serving import UI
from rounds import furnish, rounds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

KEY = "sk-corpus"
TOKEN = "a token"
HOME = f"{UI}/{ids.project_id(KEY)}"

CORPUS = (
    "<script>ran()</script>",
    "</title></textarea></select></style><script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<svg/onload=ran()><animate onbegin=ran() attributeName=x dur=1s>",
    "javascript:ran()",
    "\" onmouseover=\"ran()\" autofocus onfocus=\"ran()\" x=\"",
    "' onmouseover='ran()' autofocus onfocus='ran()' x='",
    "`-ran()-`${ran()}",
    "\"><iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "'><iframe src=javascript:parent.ran()></iframe>",
    "{{7*7}}{% for x in [1] %}ran{% endfor %}{{ ran() }}",
    "]]><![CDATA[<script>ran()</script>]]><!--",
    "<div hx-get='/stolen' hx-trigger='load' hx-on:htmx:load='ran()'>x</div>",
    "<p data-gone id=reel></p><p id=clock data-live=/stolen></p>",
    "<form action=/stolen id=q><input name=token autofocus></form>",
    "<meta http-equiv=refresh content='0;url=/stolen'><base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css><style>*{display:none}</style>",
    "&lt;script&gt;ran()&lt;/script&gt;&#x3c;script>ran()",
    "\u2028\u2029\u0085</script\u2028><script>ran()",
    "\u202eevil.example\u202c \u200f\u2066x\u2069 \ufeff",
    "data:text/html,<script>ran()</script>",
    "constructor __proto__ toString; event: parts data: <b>",
    "W" * 300,
)  # fmt: skip
"""What people try who want a page to run what it shows."""

ARMED = """
window.ran = () => { console.error("something ran"); return 0; };
document.addEventListener("securitypolicyviolation",
  (event) => console.error("forbidden: " + event.violatedDirective));
"""

STRANGE = """() => [...document.querySelectorAll("*")].filter((one) =>
  [...one.attributes].some(({ name, value }) => name.startsWith("on") || name.startsWith("hx-on")
    || /^\\s*(javascript|data):/i.test(value)
       && ["href", "src", "action", "formaction", "xlink:href"].includes(name)
    || /^(\\/stolen|(https?:)?\\/\\/)/.test(value) && name.startsWith("hx-"))
  || one.matches("iframe, object, embed, base, style, meta[http-equiv]")
  || one.matches("script") && !one.src.startsWith(location.origin)
).map((one) => one.outerHTML.slice(0, 200))"""
"""Elements that no page of ours has."""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(pace="realistic", contract="loose", admin_token=TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def open_emulator() -> Iterator[Emulator]:
    with Emulator(pace="realistic", contract="loose") as running:
        yield running


@pytest.fixture(scope="module")
def corpus(open_emulator: Emulator) -> list[str]:
    """The videos of a project that is full of it."""
    return furnish(open_emulator, KEY, CORPUS)


def watched(look: "Looker", emulator: Emulator, asked: list[str]) -> "Page":
    """A window in which nothing may run; `asked` is what it asks the network for."""
    page = look()
    page.add_init_script(ARMED)
    page.on("dialog", lambda dialog: look.complaints.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    return page


def strange(emulator: Emulator, asked: list[str]) -> list[str]:
    """What should never have been asked for."""
    here = (f"{emulator.address}/_reelmock/", "blob:")
    return [
        url for url in asked if not url.startswith(here) or "/stolen" in url[:80]
    ]  # fmt: skip


def test_nothing_that_anybody_wrote_runs_on_any_page(
    open_emulator: Emulator, corpus: list[str], look: "Looker"
) -> None:
    asked: list[str] = []
    page = watched(look, open_emulator, asked)
    found: dict[str, list[str]] = {}
    for address in rounds(open_emulator, KEY, corpus):
        page.goto(open_emulator.address + address)
        found[address] = page.evaluate(STRANGE)

    assert [] == [one for one in found.items() if one[1]]
    assert [] == strange(open_emulator, asked)
    assert len(found) > 2


def test_what_somebody_wrote_is_shown_as_it_was_written(
    open_emulator: Emulator, corpus: list[str], look: "Looker"
) -> None:
    page = watched(look, open_emulator, [])
    page.goto(f"{open_emulator.address}{HOME}/videos?q=7*7")
    text = page.locator("#reel").inner_text()

    assert "{{7*7}}{% for x in [1] %}ran{% endfor %}{{ ran() }}" in text
    assert "7*7" == page.locator("#q").input_value()


def test_nothing_runs_that_comes_while_the_page_is_open(
    open_emulator: Emulator, corpus: list[str], look: "Looker"
) -> None:
    from playwright.sync_api import expect

    asked: list[str] = []
    page = watched(look, open_emulator, asked)
    page.goto(f"{open_emulator.address}{HOME}/videos")
    expect(page.locator(f"#{corpus[-1]}")).to_be_visible()
    client = OpenAI(base_url=open_emulator.url, api_key=KEY, max_retries=0)
    made = [client.videos.create(prompt=text).id for text in CORPUS]
    for name in (made[0], made[-1]):
        expect(page.locator(f"#{name}")).to_be_attached()
    project = open_emulator.project(KEY)
    for name, text in zip(made, CORPUS, strict=True):
        project.fail(name, code=text[:60], message=text)
    expect(page.locator(f"#{made[-1]}.failed")).to_be_attached()
    for text in CORPUS[:3]:
        with page.expect_response(lambda answer: "/videos?" in answer.url):
            page.locator("#q").fill(text)

    assert [] == page.evaluate(STRANGE)
    assert [] == strange(open_emulator, asked)


EVIL = b"""<!doctype html><title>evil</title><body>
<script>
const done = [];
const settle = (made) => done.push(Promise.resolve(made).catch(() => 0));
window.send = (url) => {
  const form = document.body.appendChild(document.createElement("form"));
  form.method = "POST"; form.action = url;
  form.append(Object.assign(document.createElement("input"), { name: "seconds", value: "60" }));
  form.submit();
};
window.attack = async (server, paths, media, body) => {
  for (const path of paths) {
    for (const credentials of ["include", "omit"]) {
      settle(fetch(server + path, { method: "POST", mode: "no-cors", credentials, body }));
      settle(fetch(server + path, { method: "POST", credentials, body,
        headers: { "Content-Type": "application/json", "HX-Request": "true" } }));
      for (const method of ["PUT", "DELETE"])
        settle(fetch(server + path, { method, credentials, body }));
    }
    navigator.sendBeacon(server + path, body);
  }
  const shown = [];
  for (const path of media) {
    for (const kind of ["img", "iframe", "script", "object"]) {
      const one = document.createElement(kind);
      settle(new Promise((resolve) => {
        one.onload = () => { if (kind !== "iframe" && kind !== "object") shown.push(path); resolve(); };
        one.onerror = resolve;
        one[kind === "object" ? "data" : "src"] = server + path;
        document.body.append(one);
      }));
    }
    settle(fetch(server + path, { credentials: "include" }).then(() => shown.push(path)));
  }
  await Promise.race([Promise.all(done), new Promise((over) => setTimeout(over, 5000))]);
  return shown;
};
</script>"""


class Evil(BaseHTTPRequestHandler):
    """A page of somebody else's."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EVIL)))
        self.end_headers()
        self.wfile.write(EVIL)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def evil() -> Iterator[int]:
    """The port of another server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    thread = Thread(target=partial(server.serve_forever, 0.02))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


ATTACK = """([server, paths, media]) => attack(server, paths, media, new URLSearchParams({
  seconds: "60", speed: "9", prompt: "x", key: "x", budget: "1", url: "http://127.0.0.1:9",
  operation: "getVideo", status: "503", code: "x", kind: "drop", percent: "9" }))"""


def changing(videos: list[str]) -> list[str]:
    """Every address of the dashboard that changes something, and some of the control's."""
    from reelmock.dashboard.app import ROUTES

    project, control = ids.project_id(KEY), "/_reelmock"
    ours = [
        route.path.replace("{project}", project).replace("{video}", videos[-1])
        for route in ROUTES if "GET" not in (route.methods or ())
    ]  # fmt: skip
    calls = ("clock/advance", "clock/resume", "reset", "spend/budget", "faults",
             "webhooks/endpoints", f"videos/{videos[-2]}/complete")  # fmt: skip
    return [*ours, *(f"{control}/{call}?project={project}" for call in calls)]


def state(emulator: Emulator) -> dict[str, Any]:
    """All that a call could have changed."""
    asked = {"project": ids.project_id(KEY)}
    asks = partial(httpx.get, params=asked, headers={"X-Reelmock-Admin-Token": TOKEN})
    return {
        path: asks(f"{emulator.address}/_reelmock/{path}").json()
        for path in ("clock", "videos", "faults", "scenarios", "spend", "terms",
                     "webhooks/endpoints", "webhooks/weather", "webhooks/deliveries")
    }  # fmt: skip


def attack(page: "Page", emulator: Emulator, videos: list[str]) -> list[str]:
    """Whatever a page can try, all at once; what of ours it could show or read."""
    paths = changing(videos)
    media = [f"{HOME}/videos", f"{HOME}/videos/{videos[-1]}/thumbnail",
             f"{UI}/static/base.css", f"{UI}/static/live.js", f"{HOME}/clock"]  # fmt: skip

    return page.evaluate(ATTACK, [emulator.address, paths, media])


def submit(page: "Page", url: str) -> int:
    """The status that a form of this page is answered with."""
    with page.expect_navigation(url=url) as went:
        page.evaluate("url => send(url)", url)
    return went.value.status


@pytest.mark.parametrize(
    ("host", "has_pass"),
    [("127.0.0.1", False), ("127.0.0.1", True), ("localhost", True)],
)
def test_a_foreign_page_changes_nothing_and_frames_nothing(
    request: pytest.FixtureRequest, chrome: "Browser", evil: int, host: str,
    has_pass: bool,
) -> None:  # fmt: skip
    """Also on another port of the same host, which cookies do not tell apart."""
    name = "emulator" if has_pass else "open_emulator"
    emulator: Emulator = request.getfixturevalue(name)
    videos = furnish(emulator, KEY, ["a", "b"]) if has_pass else (
        request.getfixturevalue("corpus")
    )  # fmt: skip
    context = chrome.new_context()
    page = context.new_page()
    if has_pass:
        page.goto(f"{emulator.address}{HOME}/videos")
        page.get_by_label("Admin token").fill(TOKEN)
        page.get_by_role("button").click()
        page.wait_for_selector("#reel")
    before = state(emulator)
    page.goto(f"http://{host}:{evil}/")
    shown = attack(page, emulator, videos)
    framed = [frame.locator(".clapper").count() for frame in page.frames]
    targets = (
        f"{HOME}/clock/advance",
        f"/_reelmock/reset?project={ids.project_id(KEY)}",
    )
    submitted = []
    for target in targets:
        page.goto(f"http://{host}:{evil}/")
        submitted.append(submit(page, emulator.address + target))
    context.close()

    assert [403, 403] == submitted
    assert before == state(emulator)
    assert [] == shown
    assert {0} == set(framed)


def test_with_the_pass_a_browser_comes_in_and_its_pages_work(
    emulator: Emulator, look: "Looker"
) -> None:
    from playwright.sync_api import expect

    page = look(f"{emulator.address}{HOME}/videos?q=none+such")
    page.get_by_label("Admin token").fill("not it")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("not the token")
    page.get_by_label("Admin token").fill(TOKEN)
    page.get_by_role("button").click()
    expect(page.locator("#q")).to_have_value("none such")
    emulator.project(KEY).clock.freeze()
    page.get_by_role("button", name="+1 min").click()
    expect(page.get_by_role("alert")).to_have_text("")
    assert "" == page.evaluate("document.cookie")
    (kept,) = page.context.cookies()
    assert (True, "Strict") == (kept["httpOnly"], kept["sameSite"])
