import httpx

from reelmock import Emulator


def test_health_says_ok_and_which_version(emulator: Emulator) -> None:
    answer = httpx.get(f"{emulator.address}/_reelmock/health")

    assert (200, "ok") == (answer.status_code, answer.json()["status"])


def test_the_control_plane_does_not_answer_to_foreign_names(emulator: Emulator) -> None:
    answer = httpx.get(
        f"{emulator.address}/_reelmock/health", headers={"Host": "evil.example"}
    )

    assert 403 == answer.status_code
    assert "--allow-host" in answer.json()["error"]["hint"]


def test_beyond_loopback_it_answers_to_addresses_and_single_labels() -> None:
    with Emulator(host="0.0.0.0", allow_host="mock.example") as emulator:
        seen = [
            httpx.get(
                f"{emulator.address}/_reelmock/health", headers={"Host": host}
            ).status_code
            for host in ("10.1.2.3:4010", "reelmock", "mock.example", "evil.example")
        ]

    assert [200, 200, 200, 403] == seen


def test_an_unknown_control_route_says_what_there_is(emulator: Emulator) -> None:
    answer = httpx.post(f"{emulator.address}/_reelmock/nope")

    assert 404 == answer.status_code
    assert "GET /_reelmock/help" in answer.json()["error"]["hint"]


def test_the_control_plane_gives_pages_no_leave_to_read_it(emulator: Emulator) -> None:
    answer = httpx.get(
        f"{emulator.address}/_reelmock/health", headers={"Origin": "http://a.example"}
    )

    assert "access-control-allow-origin" not in answer.headers
