"""The one table that gives refusals their status, and the envelope they travel in."""

import orjson
from starlette.responses import Response

from reelmock.domain import errors
from reelmock.domain.errors import Refusal

STATUS: dict[type[Refusal], int] = {
    errors.KeyMissing: 401,
    errors.KeyUnknown: 401,
    errors.HostRefused: 403,
    errors.RouteUnknown: 404,
    errors.MethodUnknown: 405,
    errors.BodyTooLarge: 413,
    errors.BodyUnreadable: 400,
    errors.FormUnreadable: 400,
    errors.ContentTypeUnsupported: 400,
    errors.ParameterUnknown: 400,
    errors.ParameterMissing: 400,
    errors.TypeInvalid: 400,
    errors.ValueInvalid: 400,
    errors.TextEmpty: 400,
    errors.TextTooLong: 400,
    errors.TextUnstorable: 400,
    errors.IntegerTooLarge: 400,
    errors.IntegerTooSmall: 400,
    errors.IntegerInvalid: 400,
    errors.ReferenceAmbiguous: 400,
    errors.ImageUrlUnusable: 400,
    errors.MediaTypeUnsupported: 400,
    errors.PictureUnreadable: 400,
    errors.PictureSizeMismatch: 400,
    errors.FileNotFound: 404,
    errors.VideoNotFound: 404,
    errors.VideoNotReady: 404,
    errors.AssetExpired: 404,
    errors.VideoUnfinished: 400,
    errors.SourceUnfinished: 400,
    errors.SourceExpired: 400,
    errors.ClipUnreadable: 400,
    errors.FootageSizeInvalid: 400,
    errors.FootageLengthInvalid: 400,
    errors.FootageNotAllowed: 403,
    errors.ExtensionTooLong: 400,
    errors.ExtensionsExhausted: 400,
    errors.ModerationBlocked: 400,
    errors.CharacterNotFound: 404,
    errors.CharacterUnnamed: 400,
    errors.ArrayTooLong: 400,
    errors.ArrayEmpty: 400,
    errors.ModelNotFound: 404,
    errors.ModelUndeletable: 403,
    errors.EndpointNotFound: 404,
    errors.EndpointsExhausted: 400,
    errors.TargetUnfit: 400,
    errors.TargetPlain: 400,
    errors.SampleUndelivered: 400,
    errors.RateLimited: 429,
    errors.QuotaExhausted: 429,
    errors.RepeatDiffers: 400,
    errors.RepeatKeyInvalid: 400,
    errors.HeaderInvalid: 400,
    errors.FaultHeaderInvalid: 400,
    errors.MagicInvalid: 400,
    errors.RangeUnsatisfiable: 416,
    errors.PreconditionFailed: 412,
    errors.StorageFull: 507,
    errors.ServerFault: 500,
    errors.BillingLimitReached: 400,
    errors.OrganizationUnverified: 403,
    errors.ServerFailed: 500,
    errors.GatewayFailed: 502,
    errors.Overloaded: 503,
    errors.GatewayTimedOut: 504,
    errors.RequestFailed: 400,
}

_HEADERS = {401: {"WWW-Authenticate": 'Bearer realm="OpenAI API"'}}


def envelope(
    refusal: Refusal, headers: dict[str, str] | None = None, status: int | None = None
) -> Response:
    """The refusal as the hosted service sends it, pretty-printed (seen: S7); a fault may
    want another status than the table's."""
    status = status or STATUS[type(refusal)]
    body = {
        "error": {
            "message": refusal.message,
            "type": refusal.type,
            "param": refusal.param,
            "code": refusal.code,
        }
    }
    return Response(
        orjson.dumps(body, option=orjson.OPT_INDENT_2),
        status,
        headers=_HEADERS.get(status, {}) | (headers or {}),
        media_type="application/json",
    )
