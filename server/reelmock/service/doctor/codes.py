"""Every code of the doctor: what is seen, why it matters, what to do, and how good client
code looks. The page DOCTOR.md and `reelmock doctor explain` say no more than this."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import indent

from reelmock.domain.excerpt import shortened


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of fault in a client. `title` says it in a sentence, `seen` what the doctor
    takes for a sign of it and what not; `example` is Python that does it right, where
    `client` is an OpenAI client."""

    name: str
    title: str
    seen: str
    why: str
    advice: str
    example: str


class CodeUnknown(LookupError):
    """A name that is no code's; says which one is near."""

    def __init__(self, name: str) -> None:
        close = get_close_matches(name, CODES, n=1, cutoff=0.4)
        near = f"did you mean {close[0]}?" if close else f"there are {', '.join(CODES)}"
        self.name = name
        super().__init__(f"there is no code {shortened(name)[:80]!r}; {near}")


def _codes(*codes: Code) -> dict[str, Code]:
    return {code.name: code for code in codes}


CODES = _codes(
    Code(
        "polls-too-often",
        "The client polls far more often than the server asked for.",
        "Eight or more polls of one video while it was waited for, on average less than "
        "a quarter of the shortest `openai-poll-after-ms` apart that was told of it; "
        "where no header told (dialect `openai-exact`), less than a tenth of the second "
        "that the SDKs wait. Time counts as it passed for the client: really, or on a "
        "clock that was advanced.",
        "Polls count against rate limits, and a hot loop of a few workers is enough to "
        "have everything else refused. Nothing is known any sooner: jobs take minutes.",
        "Let `client.videos.create_and_poll(...)` or `client.videos.poll(video_id)` "
        "wait, without a small `poll_interval_ms`; a loop of your own waits as long as "
        "`openai-poll-after-ms` of the first answer says, or a second. A test that "
        "should not wait takes the pace instant, or advances the clock where the client "
        "would sleep.",
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        "client.videos.delete(video.id)",
    ),
    Code(
        "created-again-after-failed-download",
        "The client has a video made anew because its download failed.",
        "A video made from the same fields as an earlier one, after a download of the "
        "earlier one failed with a 5xx, a cut connection, or missing or damaged bytes, "
        "and was not repeated with success. One made anew because the first had expired "
        "is none.",
        "Every create costs money and minutes. The first video is still there, for an "
        "hour after its completion, and its download can be repeated as often as needed.",
        "Ask for the content again, with pauses that grow: "
        "`client.videos.download_content(video_id)`. Create again only once "
        "`expires_at` has passed.",
        "from openai import APIConnectionError, APIStatusError\n\n"
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        "for _ in range(3):\n"
        "    try:\n"
        "        clip = client.videos.download_content(video.id).content\n"
        "        break\n"
        "    except (APIConnectionError, APIStatusError):\n"
        "        continue  # the video is still there\n"
        "client.videos.delete(video.id)",
    ),
    Code(
        "never-deletes",
        "The client never deletes what it has made.",
        "Videos were made and completed, and in the whole run there was not one delete, "
        "successful or not. A video that failed, or whose completion the client was "
        "never told, does not count.",
        "Bytes expire after an hour, but every video stays listed, with its prompt, for "
        "as long as nobody deletes it: lists grow, and what users wrote is kept.",
        "Call `client.videos.delete(video_id)` once the bytes are stored, also on the "
        "path where storing them failed for good.",
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        "try:\n"
        "    clip = client.videos.download_content(video.id).content\n"
        "finally:\n"
        "    client.videos.delete(video.id)",
    ),
    Code(
        "ignores-retry-after",
        "The client asks again sooner than Retry-After allows.",
        "An answer with `Retry-After`, and the same request again before nine tenths of "
        "that span were over, neither really nor on a clock that was advanced. Equal "
        "requests that were sent side by side are no retries of each other.",
        "The span is when the limit has room again: whoever comes sooner is refused "
        "again, and may have the limit last longer.",
        "Leave retries to the SDK, which waits as told: `OpenAI(max_retries=5)`. With "
        "retries of your own, wait as long as `error.response.headers['retry-after']` "
        "says, in seconds.",
        "patient = client.with_options(max_retries=5)\n"
        'video = patient.videos.create_and_poll(prompt="A kite over the sea")\n'
        "patient.videos.delete(video.id)",
    ),
    Code(
        "polls-failed-job",
        "The client goes on polling a job that has failed.",
        "Three or more polls of a video after one that told the status `failed`.",
        "A failed job stays failed. A loop that waits for `completed` alone never ends, "
        "and the user is told nothing.",
        "End the loop at `failed` as at `completed`, and tell what `video.error` says. "
        "`client.videos.poll(video_id)` returns in both cases: look at `video.status` "
        "afterwards.",
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        'if video.status == "failed":\n'
        "    print(video.error.message)\n"
        "client.videos.delete(video.id)",
    ),
    Code(
        "downloads-too-late",
        "The client asks for content that has expired.",
        "A download that was refused because the video had expired, an hour or more "
        "after it was created. Videos that the server let go before their time, for want "
        "of room, are not counted.",
        "Content is there for an hour after completion. Later only the record is left, "
        "and the video has to be paid for again.",
        "Download as soon as the video is completed (on the webhook `video.completed`, "
        "or when `client.videos.poll(video_id)` returns), store the bytes, and serve "
        "your own copy; look at `video.expires_at` before a download that may be late.",
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        'client.videos.download_content(video.id).write_to_file("kite.mp4")\n'
        "client.videos.delete(video.id)",
    ),
    Code(
        "json-for-file",
        "The client sends text or JSON where a file was meant.",
        "A text, or an object without `image_url`, `file_id` or `id`, as "
        "`input_reference`, `video` or `file`; a file part that is JSON or plain text; "
        "JSON at a call that takes forms only (characters, files).",
        "A path or Base64 is no picture: the request is refused, or worse, something "
        "else than what the user chose is made.",
        "Give the SDK the file itself: `input_reference=Path('frame.png')`, or bytes "
        "with a name and a type. In JSON `input_reference` is "
        "`{'image_url': 'data:image/png;base64,...'}` or `{'file_id': 'file-...'}`, and "
        "`video` is `{'id': 'video_...'}`.",
        "from io import BytesIO\n\n"
        "from PIL import Image\n\n"
        "frame = BytesIO()\n"
        'Image.new("RGB", (720, 1280)).save(frame, "PNG")\n'
        "video = client.videos.create_and_poll(\n"
        '    prompt="A kite over the sea",\n'
        '    size="720x1280",\n'
        '    input_reference=("frame.png", frame.getvalue(), "image/png"),\n'
        ")\n"
        "client.videos.delete(video.id)",
    ),
    Code(
        "unknown-status-as-done",
        "The client takes a status that it does not know for the end.",
        "A status that no dialect has was told last, and the content of that video was "
        "asked for before any answer said `completed` or `failed`. What a webhook said is "
        "not in the journal, and so not known here.",
        "A gateway or a later version may tell another word for waiting. Who downloads "
        "on it gets an error page for a clip, and stores it.",
        "Download only when `video.status == 'completed'`. `client.videos.poll(video_id)` "
        "returns at any status that it does not know: look at it, and go on waiting or "
        "give up with a message of your own.",
        'video = client.videos.create_and_poll(prompt="A kite over the sea")\n'
        'if video.status == "completed":\n'
        "    clip = client.videos.download_content(video.id).content\n"
        "client.videos.delete(video.id)",
    ),
    Code(
        "deprecated-parameters",
        "The client sends parameters of an earlier or of another contract.",
        "Fields (`n_seconds`, `n_variants`, `width`, `height`, `duration`, ...), values "
        "(`seconds=5`, a whole number, `video-gen-1`, `480x480`) and paths "
        "(`/video/generations/jobs`) that this API does not have, whether they were "
        "refused or let pass with a warning.",
        "The hosted service refuses them with a 400. A looser server lets them pass, and "
        "may make something else than was meant.",
        "Write what each line says instead: `seconds` is a text out of '4', '8', '12', "
        "'16' and '20', `size` a text as '720x1280', the model sora-2 or sora-2-pro.",
        "video = client.videos.create_and_poll(\n"
        '    prompt="A kite over the sea",\n'
        '    model="sora-2",\n'
        '    seconds="8",\n'
        '    size="1280x720",\n'
        ")\n"
        "client.videos.delete(video.id)",
    ),
)  # fmt: skip
"""Every code, by its name, in the order in which findings are told."""


def code_named(name: str) -> Code:
    """The code of that name, in any case; raises CodeUnknown."""
    code = CODES.get(name.strip().lower())
    if code is None:
        raise CodeUnknown(name)
    return code


def names_checked(names: Iterable[str]) -> frozenset[str]:
    """Names of codes as they are written; raises CodeUnknown."""
    return frozenset(code_named(name).name for name in names)


def explain(name: str) -> str:
    """The page of one code; raises CodeUnknown."""
    code = code_named(name)
    return "\n\n".join((
        f"{code.name}: {code.title}",
        f"What is seen. {code.seen}",
        f"Why it matters. {code.why}",
        f"What to do. {code.advice}",
        f"For example:\n\n{indent(code.example, '    ')}",
    ))  # fmt: skip
