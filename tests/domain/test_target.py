"""Which addresses and URLs a webhook may be posted to."""

import pytest

from reelmock.domain.target import Targets, wrong_target

FREE = Targets(is_free=True)
GUARDED = Targets(is_free=False, allowed=frozenset({"hooks.internal", "[fd00::7]"}))


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::a9fe:a9fe", "::ffff:0:a9fe:a9fe",
        "2001:0:4136:e378:8000:63bf:5601:5601", "fd00:ec2::254", "fd20:ce::254",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "::", "224.0.0.1",
        "ff02::1", "::ffff:0.0.0.0",
    ],
)  # fmt: skip
def test_link_local_and_metadata_addresses_are_never_posted_to(address: str) -> None:
    for targets in (FREE, GUARDED):
        told = targets.objection("hooks.internal", [address])

        assert told is not None, address
        assert told.endswith("is no address that webhooks are ever sent to")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.7",
        "198.18.0.1", "255.255.255.255", "192.0.0.9", "::1", "fd00::7", "fec0::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1",
        "::ffff:0:a00:1", "::a00:1", "2001:db8::1", "4000::1", "100::1",
    ],
)  # fmt: skip
def test_private_addresses_are_for_free_servers_and_admitted_names(
    address: str,
) -> None:
    told = GUARDED.objection("else.example", ["8.8.8.8", address]) or ""

    assert "private address; start the server with --allow-webhook-host" in told
    assert told.endswith("--allow-webhook-host else.example to admit it")
    for name in ("hooks.internal", "Hooks.Internal.", "fd00::7"):
        assert None is GUARDED.objection(name, [address])
    assert None is FREE.objection("else.example", [address])


def test_the_url_of_the_server_admits_itself_and_nothing_else_of_its_host() -> None:
    mine = "http://localhost:8000/webhook"
    guarded = Targets(is_free=False, own=mine)

    assert None is guarded.objection("localhost", ["127.0.0.1"], mine)
    for url in (None, "http://localhost:9200/webhook", "http://localhost:8000/"):
        assert guarded.objection("localhost", ["127.0.0.1"], url)
    assert guarded.objection("localhost", ["169.254.169.254"], mine)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_are_posted_to(address: str) -> None:
    assert None is GUARDED.objection("else.example", [address])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/webhook", "https://Hooks.Example./a/b?q=[x]&y=%20|",
        "http://[::1]:80/", "http://127.1", "http://xn--bcher-kva.example/",
        "http://snake_case.test//a;b=c/../d", "http://h?q",
    ],
)  # fmt: skip
def test_a_url_that_can_be_posted_to(url: str) -> None:
    assert None is wrong_target(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "h", "ftp://h/", "http:///x", "http://h:0/", "http://h:65536/",
        "http://h:x/", "http://me@h/", "http://:pw@h/", "http://@h/", "http://h/#f",
        "http://bücher.example/", "http://h/a b", "http://h/\n", "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/", "http://[v1.x]/", "http://[::1", "http://a%2eb/",
        "http://good.test\\@evil.test/", "http://good.test\\.evil.test/", "http://a,b/",
        "http://h/" + "x" * 2048,
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_posted_to_is_told_why(url: str) -> None:
    assert wrong_target(url)
