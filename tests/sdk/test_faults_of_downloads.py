"""Downloads that go wrong on their way, as the official client meets them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import httpx2
import pytest
from openai import APIConnectionError, NotFoundError, OpenAI
from openai.types import Video

from faulty import arm, disarm, is_whole, plays
from reelmock import Emulator

pytestmark = pytest.mark.sdk

KEY = "sk-test-of-broken-downloads"

Arm = Callable[..., None]


@pytest.fixture(scope="module")
def films(caller: Callable[..., OpenAI], server: Emulator) -> OpenAI:
    """The official client of the project of these tests."""
    return caller(server, KEY)


@pytest.fixture(scope="module")
def film(films: OpenAI, tiny: dict[str, object]) -> Video:
    return films.videos.create_and_poll(prompt="A kite", **tiny)


@pytest.fixture(scope="module")
def whole(films: OpenAI, film: Video) -> bytes:
    return films.videos.download_content(film.id).content


@pytest.fixture
def fault(server: Emulator) -> Iterator[Arm]:
    """Have the next downloads go wrong."""

    def armed(
        operation: str = "getVideoContent", times: int | None = 1, **parts: object
    ) -> None:
        arm(server, KEY, operation, times, **parts)

    yield armed
    disarm(server, KEY)


@pytest.fixture
def plain(
    wire: Callable[..., httpx.Client], server: Emulator, film: Video
) -> httpx.Client:
    client = wire(server, KEY)
    client.base_url = f"{server.url}/videos/{film.id}/"
    return client


@pytest.mark.parametrize("truncate", [0, 0.5, 1000])
def test_a_download_that_ends_early_is_noticed(
    truncate: float, fault: Arm, films: OpenAI, film: Video, whole: bytes
) -> None:
    fault(truncate=truncate)

    with pytest.raises(APIConnectionError) as caught:
        films.videos.download_content(film.id)

    sent = int(truncate if truncate >= 1 else truncate * len(whole))
    told = f"(received {sent} bytes, expected {len(whole)})"
    assert told in str(caught.value.__cause__)
    assert whole == films.videos.download_content(film.id).content


def test_a_streamed_download_that_ends_early_is_noticed_while_it_is_read(
    fault: Arm, films: OpenAI, film: Video, whole: bytes, tmp_path: Path
) -> None:
    fault(truncate=0.5)

    streaming = films.videos.with_streaming_response
    with streaming.download_content(film.id) as response:
        assert str(len(whole)) == response.headers["content-length"]
        with pytest.raises(httpx2.RemoteProtocolError):
            response.stream_to_file(tmp_path / "half.mp4")


def test_a_download_that_ended_early_is_fetched_again_by_a_client_that_retries(
    fault: Arm, films: OpenAI, film: Video, whole: bytes
) -> None:
    fault(truncate=0.5)

    steady = films.with_options(max_retries=1)

    assert whole == steady.videos.download_content(film.id).content


def test_what_is_missing_can_be_asked_for_as_a_range(
    fault: Arm, plain: httpx.Client, whole: bytes
) -> None:
    fault(truncate=100)
    got = b""
    with suppress(httpx.RemoteProtocolError), plain.stream("GET", "content") as answer:
        for piece in answer.iter_bytes():
            got += piece

    rest = plain.get("content", headers={"Range": f"bytes={len(got)}-"})

    assert 100 == len(got)
    assert whole == got + rest.content


def test_a_shortened_download_is_not_noticed_but_is_no_whole_clip(
    fault: Arm, films: OpenAI, film: Video, whole: bytes
) -> None:
    fault(truncate=0.5, is_announced_whole=False)

    download = films.videos.download_content(film.id)

    assert whole[: len(whole) // 2] == download.content
    assert str(len(whole) // 2) == download.response.headers["content-length"]
    assert is_whole(whole)
    assert not is_whole(download.content)


def test_a_download_shortened_to_its_first_boxes_does_not_play(
    fault: Arm, films: OpenAI, film: Video, whole: bytes, tmp_path: Path
) -> None:
    fault(truncate=0.2, is_announced_whole=False)

    download = films.videos.download_content(film.id)

    assert plays(whole, tmp_path)
    assert not plays(download.content, tmp_path)


def test_to_leave_out_more_than_there_is_leaves_all(
    fault: Arm, films: OpenAI, film: Video, whole: bytes
) -> None:
    fault(truncate=10**9)

    assert whole == films.videos.download_content(film.id).content


def test_a_damaged_download_is_as_long_and_does_not_play(
    fault: Arm, films: OpenAI, film: Video, whole: bytes, tmp_path: Path
) -> None:
    fault(is_corrupt=True, times=2)

    first, second = (films.videos.download_content(film.id) for _ in range(2))

    assert len(whole) == len(first.content) != 0
    assert first.content == second.content != whole
    assert "video/mp4" == first.response.headers["content-type"]
    assert b"ftypisom" == first.content[4:12]
    assert not plays(first.content, tmp_path)
    assert not is_whole(first.content)


def test_ranges_of_a_damaged_download_are_parts_of_the_same(
    fault: Arm, plain: httpx.Client
) -> None:
    fault(is_corrupt=True, times=None)
    damaged = plain.get("content").content

    ranges = ["0-9", "10-19", "20-999", "1000-"]
    answers = [plain.get("content", headers={"Range": f"bytes={r}"}) for r in ranges]

    assert [206] * 4 == [answer.status_code for answer in answers]
    assert damaged == b"".join(answer.content for answer in answers)


@pytest.mark.parametrize("variant", ["thumbnail", "spritesheet"])
def test_damage_is_done_to_every_variant(
    variant: str, fault: Arm, films: OpenAI, film: Video
) -> None:
    whole = films.videos.download_content(film.id, variant=variant).content
    fault(is_corrupt=True)

    damaged = films.videos.download_content(film.id, variant=variant).content

    assert (len(whole), whole[:16]) == (len(damaged), damaged[:16])
    assert whole[16:] != damaged[16:]


def test_a_range_ends_early_too(fault: Arm, plain: httpx.Client, whole: bytes) -> None:
    fault(truncate=10, is_announced_whole=False)
    short = plain.get("content", headers={"Range": "bytes=100-199"})
    fault(truncate=0.5)
    with pytest.raises(httpx.RemoteProtocolError):
        plain.get("content", headers={"Range": "bytes=100-199"})

    assert (206, whole[100:110]) == (short.status_code, short.content)
    assert f"bytes 100-199/{len(whole)}" == short.headers["content-range"]


def test_a_head_has_no_body_to_break_and_its_connection_stays(
    fault: Arm, plain: httpx.Client, whole: bytes
) -> None:
    fault("headVideoContent", truncate=0.5)
    fault("headVideoContent", truncate=0.5, is_announced_whole=False)
    fault("headVideoContent", is_corrupt=True, drip=0.01, status_word="x")

    lengths = [plain.head("content").headers["content-length"] for _ in range(3)]

    assert [len(whole), len(whole) // 2, len(whole)] == [int(one) for one in lengths]
    assert 200 == plain.get("content").status_code


def test_a_download_drips_and_is_whole(
    fault: Arm, films: OpenAI, film: Video, whole: bytes
) -> None:
    fault(drip=0.001)

    streaming = films.videos.with_streaming_response
    with streaming.download_content(film.id) as response:
        pieces = list(response.iter_bytes())

    assert whole == b"".join(pieces)
    assert len(pieces) > 1


def test_a_download_drips_and_ends_early(
    fault: Arm, films: OpenAI, film: Video
) -> None:
    fault(drip=0.001, truncate=0.5)

    with pytest.raises(APIConnectionError):
        films.videos.download_content(film.id)


@pytest.mark.parametrize("variant", [None, "video", "thumbnail"])
def test_a_redirect_is_followed_to_the_same_bytes(
    variant: str | None, fault: Arm, films: OpenAI, film: Video
) -> None:
    asked = {} if variant is None else {"variant": variant}
    whole = films.videos.download_content(film.id, **asked).content
    fault(is_redirect=True, times=None)

    download = films.videos.download_content(film.id, **asked)

    (redirected,) = download.response.history
    address = film.url + (f"&variant={variant}" if variant else "")
    assert (302, address) == (redirected.status_code, redirected.headers["location"])
    assert whole == download.content


def test_a_redirect_of_a_range_is_followed_to_that_range(
    fault: Arm, plain: httpx.Client, whole: bytes
) -> None:
    fault(is_redirect=True, times=None)

    answer = plain.get("content", headers={"Range": "bytes=4-7"}, follow_redirects=True)

    assert (206, whole[4:8]) == (answer.status_code, answer.content)


def test_nothing_but_a_download_that_is_there_is_redirected(
    fault: Arm, films: OpenAI, film: Video
) -> None:
    fault("getVideo", is_redirect=True)
    fault(is_redirect=True)

    assert film.id == films.videos.retrieve(film.id).id
    with pytest.raises(NotFoundError):
        films.videos.download_content("video_unknown")


def test_another_content_type_arrives(fault: Arm, films: OpenAI, film: Video) -> None:
    fault(content_type="text/html")

    download = films.videos.download_content(film.id)

    assert "text/html" == download.response.headers["content-type"]


def test_a_download_is_lost_on_the_wrong_replica(
    fault: Arm, films: OpenAI, film: Video
) -> None:
    fault(is_lost=True)

    with pytest.raises(NotFoundError) as caught:
        films.videos.download_content(film.id)

    assert f"Video with id '{film.id}' not found." == caught.value.body["message"]


def test_the_source_of_an_edit_is_lost_on_the_wrong_replica(
    fault: Arm, films: OpenAI, film: Video
) -> None:
    fault("editVideo", is_lost=True)
    body = {"prompt": "In oil", "video": {"id": film.id}}

    with pytest.raises(NotFoundError) as caught:
        films.post("/videos/edits", body=body, cast_to=Video)

    assert f"Video with id '{film.id}' not found." == caught.value.body["message"]
