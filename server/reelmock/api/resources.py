"""The resources that answers are made of, for `/openapi.json`."""

from pydantic import BaseModel, ConfigDict, Field


class VideoError(BaseModel):
    """Why a video failed."""

    code: str
    message: str


class Video(BaseModel):
    """A video job. `url` and `duration` are left out in the dialect openai-exact."""

    model_config = ConfigDict(title="VideoResource")

    id: str
    object: str = Field("video", pattern="^video$")
    created_at: int
    status: str = Field(
        pattern="^(queued|in_progress|processing|completed|failed)$",
        description="`processing` only in the dialect documented.",
    )
    completed_at: int | None
    error: VideoError | None
    expires_at: int | None
    model: str
    progress: int = Field(ge=0, le=100)
    prompt: str | None
    remixed_from_video_id: str | None
    seconds: str
    size: str
    url: str | None = None
    duration: int | None = None


class VideoList(BaseModel):
    """A page of videos."""

    model_config = ConfigDict(title="VideoListResource")

    object: str = Field("list", pattern="^list$")
    data: list[Video]
    first_id: str | None
    has_more: bool
    last_id: str | None


class DeletedVideo(BaseModel):
    """The answer to a delete."""

    model_config = ConfigDict(title="DeletedVideoResource")

    id: str
    object: str = Field("video.deleted", pattern="^video.deleted$")
    deleted: bool


class ErrorFields(BaseModel):
    """What was wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorEnvelope(BaseModel):
    """Every refusal."""

    error: ErrorFields


class Character(BaseModel):
    """Somebody or something that videos can be made with. `object` is left out in the
    dialect openai-exact."""

    model_config = ConfigDict(title="VideoCharacterResource")

    id: str | None
    name: str | None
    created_at: int
    object: str = Field("character", pattern="^character$")


class File(BaseModel):
    """A file."""

    model_config = ConfigDict(title="FileResource")

    object: str = Field("file", pattern="^file$")
    id: str
    purpose: str
    filename: str
    bytes: int
    created_at: int
    expires_at: int | None
    status: str = Field("processed", pattern="^processed$")
    status_details: str | None


class FileList(BaseModel):
    """A page of files."""

    model_config = ConfigDict(title="FileListResource")

    object: str = Field("list", pattern="^list$")
    data: list[File]
    first_id: str | None
    has_more: bool
    last_id: str | None


class DeletedFile(BaseModel):
    """The answer to a delete of a file."""

    model_config = ConfigDict(title="DeletedFileResource")

    object: str = Field("file", pattern="^file$")
    id: str
    deleted: bool


class Model(BaseModel):
    """A model of the catalogue."""

    model_config = ConfigDict(title="ModelResource")

    id: str
    object: str = Field("model", pattern="^model$")
    created: int
    owned_by: str
    shutdown_date: str | None


class ModelList(BaseModel):
    """All models."""

    model_config = ConfigDict(title="ModelListResource")

    object: str = Field("list", pattern="^list$")
    data: list[Model]


class DeletedModel(BaseModel):
    """The answer to a delete of a model."""

    model_config = ConfigDict(title="DeletedModelResource")

    id: str
    object: str = Field("model", pattern="^model$")
    deleted: bool


class WebhookEndpoint(BaseModel):
    """Where a project's events go."""

    model_config = ConfigDict(title="WebhookEndpointResource")

    id: str
    object: str = Field("webhook_endpoint", pattern="^webhook_endpoint$")
    created_at: int
    updated_at: int
    event_types: list[str]
    name: str
    url: str
    signing_secret_hint: str


class WebhookEndpointWithSecret(WebhookEndpoint):
    """The same, where its secret is new."""

    model_config = ConfigDict(title="WebhookEndpointWithSecretResource")

    signing_secret: str


class WebhookEndpointList(BaseModel):
    """A page of endpoints."""

    model_config = ConfigDict(title="WebhookEndpointListResource")

    object: str = Field("list", pattern="^list$")
    data: list[WebhookEndpoint]
    first_id: str | None
    has_more: bool
    last_id: str | None


class DeletedWebhookEndpoint(BaseModel):
    """The answer to a delete of an endpoint."""

    model_config = ConfigDict(title="DeletedWebhookEndpointResource")

    id: str
    object: str = Field(
        "webhook_endpoint.deleted", pattern="^webhook_endpoint.deleted$"
    )
    deleted: bool


class WebhookEndpointTest(BaseModel):
    """What an endpoint answered to a made-up event."""

    model_config = ConfigDict(title="WebhookEndpointTestResource")

    object: str = Field("webhook_endpoint.test", pattern="^webhook_endpoint.test$")
    event_type: str
    status_code: int
    success: bool
    webhook_endpoint_id: str


class WebhookEventTypeList(BaseModel):
    """All types of events."""

    model_config = ConfigDict(title="WebhookEventTypeListResource")

    object: str = Field("list", pattern="^list$")
    data: list[str]
