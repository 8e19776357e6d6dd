"""What the emulator's own control refuses: what was wrong, and what to write instead.
They are no refusals of the wire; the control face gives them their own envelope."""

from typing import ClassVar

from reelmock.domain.errors.base import ECHO


class Misuse(Exception):
    """A call of the control that is not honoured; `message` and `hint` are sentences."""

    words: ClassVar[str] = "{message}"
    help: ClassVar[str] = "{hint}"

    def __init__(self, **facts: object) -> None:
        clipped = {name: str(fact)[: 4 * ECHO] for name, fact in facts.items()}
        self.message = self.words.format(**clipped)
        self.hint = self.help.format(**clipped)
        stop = "" if not self.hint or self.message.endswith((".", "!", "?")) else "."
        super().__init__(f"{self.message}{stop} {self.hint}".strip())


class ProjectUnnamed(Misuse):
    """A call that does not say whose it is."""

    words = "This call does not say which project it is about."
    help = (
        "Send the Authorization header that your API calls have, or ?project=ID, or, "
        "where it is about all of them, ?project=*."
    )


class ProjectNotOne(Misuse):
    """A call for all projects that only one can be meant by."""

    words = "This call is about one project, not about all of them."
    help = "Name it: send the Authorization header of its API calls, or ?project=ID."


class CallInvalid(Misuse):
    """A call with something that it does not take."""


class JournalOff(Misuse):
    """A question to a journal that notes nothing: any answer would be untrue."""

    words = "The journal is off."
    help = "Start without --no-journal (in Python: journal=True)."


class TermsExhausted(Misuse):
    """One more project that wants terms of its own."""

    words = "{most} projects have terms of their own already."
    help = "Reset those that are done with."


class ClockBackwards(Misuse):
    """A freeze at an instant that is past, in a project that has something."""

    words = "The clock stands at {now} and cannot go back to {at}."
    help = "Reset the project first, or freeze at a later instant."


class VideoEnded(Misuse):
    """A call to end or move a video that has ended."""

    words = "Video '{id}' has ended: it is {status}."
    help = "Only a queued or in_progress video can be completed, failed or moved."


class VideoUnexpirable(Misuse):
    """A call to have a video expire that has nothing to lose."""

    words = "Video '{id}' cannot expire: it is {status}."
    help = "Only a completed video expires, and only once."


class RenderLate(Misuse):
    """A completion whose files were not made in time."""

    words = "Video '{id}' was not rendered within a minute."
    help = "Call again; more --render-workers make it faster."


class ScenarioInvalid(Misuse):
    """A scenario file, a fault or a fixture that says what nobody understands; `where` is
    a file with line and column, or a field."""

    words = "{where}: {problem}"
    help = "{hint}"


class ScenarioUnknown(Misuse):
    """No ready-made scenario of that name, and no such file."""

    words = "There is no scenario {name!r}."
    help = "Give the path of a file, or one of: {known}."


class FaultUnknown(Misuse):
    """No fault is armed under that id."""

    words = "No fault {id!r} is armed."
    help = "GET /_reelmock/faults lists those that are."


class FaultMisnamed(Misuse):
    """A fault named as rules of scenarios are."""

    words = "A fault cannot be named {name!r}."
    help = "Leave out the colon: names with one are those of scenarios' rules."


class FaultsExhausted(Misuse):
    """More faults than a project keeps."""

    words = "{most} faults are armed already."
    help = "Disarm some with DELETE /_reelmock/faults."


class SnapshotInvalid(Misuse):
    """Bytes that are no snapshot of ours."""

    words = "This is no snapshot that can be restored: {problem}."
    help = "Send the bytes of GET /_reelmock/snapshot as they came."


class SnapshotOfSeveral(SnapshotInvalid):
    """A snapshot that has not just the one project that is to be restored."""

    words = "This snapshot has {number} projects, and one is to be restored."
    help = "With ?project=* each of them is restored into its own."


class DeliveryUnknown(Misuse):
    """No delivery of that id."""

    words = "There is no delivery {id!r}."
    help = "GET /_reelmock/webhooks/deliveries lists them."


class DeliveryCancelled(Misuse):
    """A delivery to an endpoint that is not there any more."""

    words = "Delivery {id!r} cannot be made again: its endpoint is gone."
    help = "Make a new endpoint, and POST /_reelmock/webhooks/events."


class EndpointUnknown(Misuse):
    """No endpoint of that id, for the control."""

    words = "There is no endpoint {id!r}."
    help = "GET /_reelmock/webhooks/endpoints lists them."


class ListenersExhausted(Misuse):
    """More listeners than a server tells of its events."""

    words = "{most} listeners are told of events already."
    help = "End one of them, and call again."


class WeatherUnknown(Misuse):
    """No weather of that id."""

    words = "There is no weather {id!r}."
    help = "GET /_reelmock/webhooks/weather lists what there is."


class WeatherExhausted(Misuse):
    """More weather than a project has."""

    words = "{most} kinds of weather are there already."
    help = "End some with DELETE /_reelmock/webhooks/weather."
