import pytest

from reelmock.domain import catalog, errors
from reelmock.domain.errors import Refusal, ValueInvalid, VideoNotReady, listed
from reelmock.domain.hosts import host_name, is_local, is_loopback


def test_a_list_of_values_reads_as_the_hosted_service_writes_it() -> None:
    assert "'4', '8', '12', '16', and '20'" == listed(catalog.SECONDS)
    assert "'4', '8', '12', '16', or '20'" == listed(catalog.SECONDS, "or")
    assert "'720x1280' and '1280x720'" == listed(catalog.SIZES[:2])


def test_the_braces_of_a_video_not_ready_are_literal() -> None:
    assert "{video_id}" in VideoNotReady().message


def test_a_callers_own_braces_are_only_text() -> None:
    refusal = ValueInvalid("model", value="{0}{param}", supported="x")

    assert "Invalid value: '{0}{param}'. Supported values are: x." == refusal.message


def test_a_callers_own_text_is_repeated_only_in_part() -> None:
    refusal = ValueInvalid("model", value="x" * 10_000, supported="y")

    assert len(refusal.message) < 300


def test_every_refusal_says_something() -> None:
    classes = [
        made
        for made in vars(errors).values()
        if isinstance(made, type) and issubclass(made, Refusal) and made is not Refusal
    ]

    assert [] == [made.__name__ for made in classes if not made.words]
    assert [] == [made.__name__ for made in classes if made.__name__.endswith("Error")]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:4010", "localhost"),
        ("[::1]:4010", "::1"),
        ("Reelmock.", "reelmock"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_a_host_header_gives_a_name(header: str, name: str) -> None:
    assert name == host_name(header)


def test_loopback_names_mean_only_this_machine() -> None:
    names = ["localhost", "a.localhost", "127.8.8.8", "::1", "evil.com", "10.0.0.1", ""]

    assert [True, True, True, True, False, False, False] == [*map(is_loopback, names)]


def test_local_names_are_ones_no_page_can_point_here() -> None:
    names = ["reelmock", "10.0.0.1", "::1", "evil.com", ""]

    assert [True, True, True, False, False] == [*map(is_local, names)]
