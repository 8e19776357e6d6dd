"""The check of a signature, step by step, for letters as they went: the SDK agrees with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from fakes import HeldClock
from reelmock.clock.system import SystemClock
from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import Endpoint, Letter
from reelmock.outbound.envelope import sealed
from reelmock.service import webhooks
from reelmock.service.clocks import current
from reelmock.service.deliveries import find
from reelmock.service.events import endpoint_of
from reelmock.service.verification import Verification, body_of, key_of, verified
from sendings import endpoint, tell
from worlds import World, opened

URL = "http://127.0.0.1:9/hooks"
HEADERS, TIMESTAMP, CONTENT, SECRET, SIGNATURE, BODY = range(6)

STALE = Weather("w", Kind.STALE, seconds=301)
WRONG = Weather("w", Kind.WRONG_SIGNATURE)
CUT = Weather("w", Kind.MALFORMED)
SKIES: dict[str, tuple[tuple[Weather, ...], list[int]]] = {
    "fair": ((), []),
    "a little late": ((replace(STALE, seconds=240),), []),
    "stale": ((STALE,), [TIMESTAMP]),
    "another secret": ((WRONG,), [SIGNATURE]),
    "half a body": ((CUT,), [SIGNATURE, BODY]),
    "half a body, signed": ((replace(CUT, is_signed=True),), [BODY]),
    "all at once": ((STALE, WRONG, CUT), [TIMESTAMP, SIGNATURE, BODY]),
    "twice": ((Weather("w", Kind.DUPLICATE),), []),
}
"""Weather, and the steps that go wrong in it."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One at this very moment: an SDK takes nothing else."""
    with opened(tmp_path, HeldClock(SystemClock().now())) as made:
        made.ports.outbound.is_sealing = True
        yield made


@pytest.fixture
def mine(world: World) -> Endpoint:
    return endpoint(world.ports, URL)


def posted(world: World, *weather: Weather) -> Letter:
    """The letter of a new event, as it went."""
    for one in weather:
        world.ports.skies.add("proj_a", one)
    tell(world.ports)
    world.ports.deliver("proj_a")(1)
    world.ports.skies.end("proj_a")
    letters: list[Letter] = world.ports.outbound.letters
    return letters[-1]


def checked(world: World, letter: Letter) -> Verification:
    """The check of its last attempt, with the secret of now."""
    told = find(world.ports, "proj_a", letter.delivery.id)
    with world.ports.unit() as unit:
        to = endpoint_of(world.ports, unit, "proj_a", letter.delivery.endpoint_id)
    return verified(world.ports, told.delivery, told.attempts, to)[-1]


def wrong(made: Verification) -> list[int]:
    return [at for at, step in enumerate(made.steps) if step.is_passed is False]


def is_taken(letter: Letter, secret: str) -> bool:
    """By the unmodified SDK."""
    client = OpenAI(base_url="http://nowhere.test", api_key="sk")
    try:
        client.webhooks.unwrap(*sealed(letter), secret=secret)
    except (InvalidWebhookSignatureError, ValueError):
        return False
    return True


def rotate(world: World, mine: Endpoint, *, keeps_old: bool) -> None:
    with world.ports.unit() as unit:
        project = current(world.ports, unit, "proj_a", world.clock.now())
        webhooks.rotate(world.ports, unit, world.now, project, mine.id,
                        keeps_old=keeps_old)  # fmt: skip


@pytest.mark.parametrize("sky", SKIES)
def test_the_steps_that_fail_are_those_that_the_weather_spoils(
    world: World, mine: Endpoint, sky: str
) -> None:
    weather, expected = SKIES[sky]
    letter = posted(world, *weather)
    made = checked(world, letter)

    assert expected == wrong(made)
    assert (not expected) is made.is_passed
    assert is_taken(letter, mine.secret) is made.is_passed


@pytest.mark.parametrize("sky", SKIES)
def test_the_values_are_those_that_were_sent(
    world: World, mine: Endpoint, sky: str
) -> None:
    letter = posted(world, *SKIES[sky][0])
    body, headers = sealed(letter)
    made = checked(world, letter)

    for name, value in made.steps[HEADERS].values:
        assert headers[name] == value
    assert body.decode() == body_of(letter.delivery, made.attempt)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    assert (("content", signed),) == made.steps[CONTENT].values
    assert ("was sent", headers["webhook-signature"]) in made.steps[SIGNATURE].values


def test_the_full_secret_is_in_no_step(world: World, mine: Endpoint) -> None:
    made = checked(world, posted(world))

    assert (("secret", mine.hint),) == made.steps[SECRET].values
    assert mine.secret.removeprefix("whsec_") not in str(made)


@pytest.mark.parametrize(
    ("weather", "words"),
    [
        (WRONG, "by the weather wrong-signature another secret signed it"),
        (CUT, "the whole body was signed, and half of it was sent"),
    ],
)
def test_a_signature_that_does_not_come_out_says_why(
    world: World, mine: Endpoint, weather: Weather, words: str
) -> None:
    assert words in checked(world, posted(world, weather)).steps[SIGNATURE].words


def test_a_stale_timestamp_says_how_old_it_was_and_of_what(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world, STALE)
    world.clock.pass_by(4000)

    assert (
        "It was 301 s off when it was sent; up to 300 s are taken. "
        "The weather made it so: stale-timestamp."
        == checked(world, letter).steps[TIMESTAMP].words
    )


def test_a_check_does_not_grow_old(world: World, mine: Endpoint) -> None:
    letter = posted(world)
    world.clock.pass_by(4000)

    assert checked(world, letter).is_passed


def test_two_secrets_of_a_rotation_both_come_out(world: World, mine: Endpoint) -> None:
    before = posted(world)
    rotate(world, mine, keeps_old=True)
    after = posted(world)

    for letter, sent in ((before, 1), (after, 2)):
        made = checked(world, letter)
        assert made.is_passed
        names = [name for name, _ in made.steps[SIGNATURE].values]
        assert ["comes out"] * 2 + ["was sent"] * sent == names


def test_a_secret_that_was_changed_since_is_said_to_be(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world)
    rotate(world, mine, keeps_old=False)
    made = checked(world, letter)

    assert [SIGNATURE] == wrong(made)
    assert "its endpoint has another secret by now" in made.steps[SIGNATURE].words


def test_half_a_body_that_was_signed_so_is_said_to_have_another_secret_by_now(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world, replace(CUT, is_signed=True))
    rotate(world, mine, keeps_old=False)
    words = checked(world, letter).steps[SIGNATURE].words

    assert "its endpoint has another secret by now" in words


def test_of_an_endpoint_that_is_gone_it_cannot_be_told(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world)
    with world.ports.unit() as unit:
        project = current(world.ports, unit, "proj_a", world.clock.now())
        webhooks.remove(world.ports, unit, world.now, project, mine.id)
    made = checked(world, letter)

    assert [] == wrong(made)
    assert made.is_passed is None
    assert [None, None] == [made.steps[at].is_passed for at in (SECRET, SIGNATURE)]


def test_what_was_spoiled_anyway_is_refused_also_of_an_endpoint_that_is_gone(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world, STALE)
    told = find(world.ports, "proj_a", letter.delivery.id)
    [made] = verified(world.ports, told.delivery, told.attempts, None)

    assert made.is_passed is False


def test_an_attempt_whose_headers_nobody_kept_has_no_steps(
    world: World, mine: Endpoint
) -> None:
    world.ports.outbound.is_sealing = False

    assert () == checked(world, posted(world)).steps


def test_a_secret_that_is_no_base64_decodes_to_nothing(
    world: World, mine: Endpoint
) -> None:
    letter = posted(world)
    told = find(world.ports, "proj_a", letter.delivery.id)
    odd = replace(mine, secret="whsec_not base64")
    [made] = verified(world.ports, told.delivery, told.attempts, odd)

    assert key_of(odd) is None
    assert [SECRET] == wrong(made)
    assert 32 == len(key_of(mine) or b"")
