"""How a server starts and ends: signals, locks, ports, temporary folders, expiry."""

import errno
import os
import signal
import socket
from http.client import HTTPResponse
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

pytestmark = pytest.mark.judge

KEY = {"Authorization": "Bearer judge"}
ENDINGS = [signal.SIGTERM, signal.SIGINT]
SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""How many times as many starts are stopped; a long hunt by hand sets it higher."""
UNBORN = "Fatal Python error: init_import_site"
"""What Python says of an interrupt before it has read a line of any program."""


@pytest.fixture
def http_of():
    """A client of a server, closed when the test ends."""
    clients = []

    def client(server, address: str | None = None) -> httpx.Client:
        base = f"{address or server.address}/v1"
        clients.append(httpx.Client(base_url=base, headers=KEY, timeout=60))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def completed(server, http: httpx.Client, **said) -> str:
    """The id of a new video, once it is completed."""
    fields = {"prompt": "A lighthouse", "seconds": "4", "size": "720x1280"} | said
    answer = http.post("/videos", json=fields)
    assert answer.status_code == 200, answer.text
    video = answer.json()["id"]
    server.until(
        lambda: http.get(f"/videos/{video}").json()["status"] == "completed", 90
    )
    return video


def narrow(server) -> socket.socket:
    """A connection through which little passes ahead of its reader."""
    made = socket.socket()
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(30)
    made.connect(("127.0.0.1", urlsplit(server.address).port))
    return made


def request(connection: socket.socket, method: str, path: str, *headers: str) -> None:
    told = ["Host: localhost", f"Authorization: {KEY['Authorization']}", *headers]
    lines = [f"{method} {path} HTTP/1.1", *told, "", ""]
    connection.sendall("\r\n".join(lines).encode())


def closes_its_door(server) -> None:
    """Wait until new connections are refused: the server has begun to stop."""

    port = urlsplit(server.address).port

    def is_closed() -> bool:
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED

    server.until(is_closed, 5)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stop_lets_a_slow_download_finish_and_leaves_clean_data(
    serve, http_of, ending
):
    server = serve("--pace", "instant", "--contract", "loose")
    http = http_of(server)
    video = completed(server, http, seconds="60", size="1280x720")
    whole = http.get(f"/videos/{video}/content").content
    with narrow(server) as connection:
        request(connection, "GET", f"/v1/videos/{video}/content", "Connection: close")
        answer = HTTPResponse(connection)
        answer.begin()
        begun = answer.read(1000)
        server.process.send_signal(ending)
        closes_its_door(server)
        body = begun + answer.read()

    assert whole == body
    assert 0 == server.ended()
    assert [] == [*server.data.glob("*-wal"), *server.data.glob("*-shm")]
    assert [] == server.left()
    again = http_of(server.start())
    assert whole == again.get(f"/videos/{video}/content").content
    assert 0 == server.end(signal.SIGTERM)
    assert [] == server.complaints()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stop_lets_a_create_finish_and_the_next_start_renders_it(
    serve, http_of, ending
):
    server = serve("--pace", "fast")
    body = b'{"prompt": "A lighthouse in fog"}'
    with narrow(server) as connection:
        length = f"Content-Length: {len(body)}"
        form = "Content-Type: application/json"
        request(connection, "POST", "/v1/videos", form, length, "Connection: close")
        connection.sendall(body[:10])
        http_of(server).get("/videos")  # by now the first half has arrived
        server.process.send_signal(ending)
        closes_its_door(server)
        connection.sendall(body[10:])
        answer = HTTPResponse(connection)
        answer.begin()
        created = answer.read().decode()

    assert 200 == answer.status, created
    assert 0 == server.ended()
    assert not list(server.data.glob("*-wal"))
    client = http_of(server.start())
    listed = client.get("/videos").json()["data"]
    assert ["A lighthouse in fog"] == [video["prompt"] for video in listed]
    video = listed[0]["id"]
    server.until(lambda: client.get(f"/videos/{video}").json()["status"] == "completed")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stop_amid_a_start_ends_it_and_the_next_start_sweeps_up(prepare, ending):
    server = prepare(data=False)
    moments = range(1, 9) if SCALE > 1 else range(1 + ENDINGS.index(ending), 9, 2)
    for tenths in moments:
        server.launch()
        server.wait(tenths / 10)
        code = server.end(ending)
        assert code in (0, 128 + ending, -ending) or UNBORN in server.said()

    assert 0 == server.start().end(signal.SIGTERM)
    assert [] == list(server.temporary.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stop_right_after_the_greeting_is_clean_every_time(prepare, ending):
    server, times = prepare(data=False), 4 * SCALE

    assert [0] * times == [server.start().end(ending, 15) for _ in range(times)]
    assert "" == server.said()
    assert [] == list(server.temporary.iterdir())


def test_a_second_server_on_one_directory_is_refused_in_one_line(serve, prepare):
    first = serve()
    second = prepare("--data", str(first.data), name="second")
    second.launch()

    assert 2 == second.ended()
    (line,) = second.said().splitlines()
    assert str(first.data) in line
    assert f"process {first.process.pid}" in line
    assert 200 == httpx.get(f"{first.address}/_reelmock/health").status_code


def test_a_taken_port_is_refused_in_one_line(serve, prepare):
    port = str(urlsplit(serve().address).port)
    second = prepare("--port", port, name="second")
    second.launch()

    assert 2 == second.ended()
    (line,) = second.said().splitlines()
    assert f"port {port}" in line
    assert [] == second.left()


def test_an_ephemeral_server_leaves_nothing_behind(serve, http_of):
    server = serve("--pace", "instant", data=False)
    completed(server, http_of(server))

    assert 1 == len(list(server.temporary.iterdir()))
    assert 0 == server.end(signal.SIGTERM)
    assert [] == list(server.temporary.iterdir())


def test_a_killed_ephemeral_server_is_swept_up_by_the_next_and_a_living_one_is_not(
    serve, prepare, http_of
):
    living = serve("--pace", "instant", data=False)
    kept = set(living.temporary.iterdir())
    killed = prepare("--pace", "instant", data=False)
    completed(killed.start(), http_of(killed))
    stale = set(killed.temporary.iterdir()) - kept
    killed.end(signal.SIGKILL)
    after = prepare(data=False).start()

    assert 1 == len(stale)
    assert all(folder.exists() for folder in kept)
    assert not any(folder.exists() for folder in stale)
    assert 200 == http_of(living).get("/videos").status_code
    assert 0 == after.end(signal.SIGTERM)


def test_it_answers_on_both_loopback_addresses(serve, http_of):
    server = serve()
    port = urlsplit(server.address).port
    assert 200 == http_of(server, f"http://127.0.0.1:{port}").get("/videos").status_code
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no ::1")
    assert 200 == http_of(server, f"http://[::1]:{port}").get("/videos").status_code


def test_an_idle_server_takes_next_to_no_processor_time(serve, http_of):
    server = serve("--pace", "instant")
    completed(server, http_of(server))
    process = psutil.Process(server.process.pid)
    server.wait(1)
    before = process.cpu_times()
    server.wait(3)
    after = process.cpu_times()

    spent = after.user + after.system - before.user - before.system
    assert spent < 0.1, "of 3 seconds"
    assert [] == process.children()


def test_after_an_hour_the_content_is_refused_and_its_bytes_are_gone(serve, http_of):
    slow = serve("--pace", "instant")
    http = http_of(slow)
    video = completed(slow, http)
    assert 200 == http.get(f"/videos/{video}/content").status_code
    assert 200 == http.get(f"/videos/{video}/content?variant=thumbnail").status_code
    assert 2 == len(slow.blobs())
    assert 0 == slow.end(signal.SIGTERM)

    hasty = serve("--data", str(slow.data), "--speed", "100000", name="hasty")
    http = http_of(hasty)
    expires_at = http.get(f"/videos/{video}").json()["expires_at"]
    hasty.until(lambda: not hasty.blobs(), 30)
    refused = http.get(f"/videos/{video}/content")

    assert 404 == refused.status_code
    assert "error" in refused.json()
    found = http.get(f"/videos/{video}").json()
    told = (found["status"], found["expires_at"], found["url"])
    assert ("completed", expires_at, None) == told
    assert [] == hasty.complaints()
