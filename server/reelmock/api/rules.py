"""The contract's rules, one table: what the hosted service refuses, in which words, and
from which level on we let it pass. `reelmock rules` prints it."""

from dataclasses import dataclass

from reelmock.domain import errors
from reelmock.domain.errors import Refusal
from reelmock.domain.terms import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the hosted service refuses; `passes` is the first level that lets it
    pass with a warning, None if none does.

    A knob is refused by nobody, and passes without a word, unless `--enforce` names it.
    """

    name: str
    error: type[Refusal]
    passes: Level | None
    source: str
    is_knob: bool = False


def _rules(*rules: Rule) -> dict[str, Rule]:
    return {rule.name: rule for rule in rules}


def _knob(name: str, error: type[Refusal], source: str) -> Rule:
    return Rule(name, error, Level.STRICT, source, is_knob=True)


RULES = _rules(
    Rule("content-type", errors.ContentTypeUnsupported, None, "general"),
    Rule("json", errors.BodyUnreadable, None, "general"),
    Rule("form", errors.FormUnreadable, None, "chosen"),
    Rule("unknown-parameter", errors.ParameterUnknown, Level.LOOSE, "S3, S13"),
    Rule("required", errors.ParameterMissing, None, "general"),
    Rule("text-type", errors.TypeInvalid, None, "S7, S8"),
    Rule("text-empty", errors.TextEmpty, None, "general"),
    Rule("text-length", errors.TextTooLong, None, "general"),
    Rule("text-nul", errors.TextUnstorable, None, "chosen"),
    Rule("magic-prompt", errors.MagicInvalid, None, "ours"),
    Rule("documented-model", errors.ValueInvalid, Level.STANDARD, "S13"),
    Rule("model", errors.ValueInvalid, Level.LOOSE, "S3, S13"),
    Rule("model-name", errors.ValueInvalid, None, "chosen"),
    Rule("seconds-type", errors.TypeInvalid, None, "S8"),
    Rule("seconds-integer", errors.TypeInvalid, Level.STANDARD, "S8"),
    Rule("seconds-whole", errors.ValueInvalid, Level.STANDARD, "ref 4.1"),
    Rule("seconds-long", errors.ValueInvalid, Level.LOOSE, "ref 4.1"),
    Rule("seconds", errors.ValueInvalid, None, "ref 4.1"),
    Rule("size-free", errors.ValueInvalid, Level.LOOSE, "S3"),
    Rule("size", errors.ValueInvalid, None, "S3"),
    Rule("size-of-model", errors.ValueInvalid, Level.LOOSE, "chosen (12.3)"),
    Rule("reference-type", errors.TypeInvalid, None, "S6, S7"),
    Rule("reference-one-of", errors.ReferenceAmbiguous, None, "chosen (12.35)"),
    Rule("reference-url", errors.ImageUrlUnusable, None, "chosen (12.34)"),
    Rule("reference-mimetype", errors.MediaTypeUnsupported, None, "ref 4.1"),
    Rule("reference-content", errors.PictureUnreadable, None, "chosen"),
    Rule("reference-pixels", errors.PictureSizeMismatch, None, "S15"),
    Rule("characters-type", errors.TypeInvalid, None, "general"),
    Rule("characters-most", errors.ArrayTooLong, None, "chosen (12.23)"),
    Rule("characters-named", errors.CharacterUnnamed, Level.STRICT, "guide"),
    Rule("video-type", errors.TypeInvalid, None, "general"),
    Rule("video-mimetype", errors.MediaTypeUnsupported, None, "ref 4.1"),
    Rule("video-content", errors.ClipUnreadable, None, "chosen"),
    Rule("video-pixels-free", errors.FootageSizeInvalid, Level.LOOSE, "chosen"),
    Rule("video-pixels", errors.FootageSizeInvalid, None, "chosen"),
    Rule("video-length", errors.FootageLengthInvalid, None, "chosen"),
    Rule("character-pixels", errors.FootageSizeInvalid, Level.STANDARD, "guide"),
    Rule("character-length", errors.FootageLengthInvalid, Level.STANDARD, "guide"),
    Rule("source-unfinished", errors.SourceUnfinished, None, "chosen (12.7)"),
    Rule("source-expired", errors.SourceExpired, None, "chosen (12.8)"),
    Rule("extension-total", errors.ExtensionTooLong, None, "guide, 12.27"),
    Rule("extension-count", errors.ExtensionsExhausted, None, "guide, 12.27"),
    Rule("delete-unfinished", errors.VideoUnfinished, None, "chosen (12.6)"),
    Rule("video-known", errors.VideoNotFound, None, "S10, S11, S12"),
    Rule("character-known", errors.CharacterNotFound, None, "chosen (12.23)"),
    Rule("file-known", errors.FileNotFound, None, "general"),
    Rule("model-known", errors.ModelNotFound, None, "general"),
    Rule("model-owned", errors.ModelUndeletable, None, "chosen"),
    Rule("content-ready", errors.VideoNotReady, None, "S5"),
    Rule("content-expired", errors.AssetExpired, None, "chosen (12.9)"),
    Rule("query-value", errors.ValueInvalid, None, "general, 12.11"),
    Rule("query-integer", errors.IntegerInvalid, None, "general"),
    Rule("query-most", errors.IntegerTooLarge, None, "S11"),
    Rule("query-least", errors.IntegerTooSmall, None, "general"),
    Rule("file-type", errors.TypeInvalid, None, "general"),
    Rule("file-purpose", errors.ValueInvalid, None, "general"),
    Rule("file-anchor", errors.ValueInvalid, None, "SDK types"),
    Rule("file-seconds-type", errors.TypeInvalid, None, "SDK types"),
    Rule("file-seconds-least", errors.IntegerTooSmall, None, "SDK types"),
    Rule("file-seconds-most", errors.IntegerTooLarge, None, "SDK types"),
    Rule("endpoint-url", errors.TargetUnfit, None, "chosen (12.30)"),
    Rule("endpoint-https", errors.TargetPlain, Level.STRICT, "SDK docs"),
    Rule("endpoint-known", errors.EndpointNotFound, None, "chosen (12.30)"),
    Rule("endpoint-most", errors.EndpointsExhausted, None, "chosen"),
    Rule("event-types-type", errors.TypeInvalid, None, "general"),
    Rule("event-types-least", errors.ArrayEmpty, None, "general"),
    Rule("event-type", errors.ValueInvalid, None, "SDK types"),
    Rule("rotation-type", errors.TypeInvalid, None, "general"),
    Rule("webhook-test", errors.SampleUndelivered, None, "chosen"),
    Rule("rate-limit", errors.RateLimited, None, "general, 12.28"),
    Rule("budget", errors.QuotaExhausted, None, "general"),
    _knob("reference-object", errors.TypeInvalid, "S9 (12.26)"),
    _knob("footage-eligible", errors.FootageNotAllowed, "guide (12.25)"),
    _knob("moderation", errors.ModerationBlocked, "general (12.31)"),
    _knob("sunset", errors.RouteUnknown, "S19 (12.36)"),
)
