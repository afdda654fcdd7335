"""JSON that requests carry, in bodies and in the ``Memsource`` header, as the specification defines it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from phrase_provider.simulator.entities import JobStatus, ProjectStatus  # noqa: TC001 - pydantic reads annotations
from phrase_provider.simulator.errors import invalid_input
from phrase_provider.simulator.events import WebhookEvent  # noqa: TC001 - for pydantic
from phrase_provider.simulator.webhooks import SecretTokenType, WebhookStatus

if TYPE_CHECKING:
    from starlette.requests import Request


def _utc(moment: datetime) -> datetime:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Moment = Annotated[datetime, AfterValidator(_utc)]
BodyModel = TypeVar("BodyModel", bound=BaseModel)


class _Open(BaseModel):
    """A schema that allows further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="allow")


class _Closed(BaseModel):
    """A schema that refuses further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="forbid")


class IdReference(_Open):
    id: str


class UidReference(_Open):
    uid: str


class Provider(_Open):
    type: str
    id: str | None = None
    uid: str | None = None


class ProvidersPerLanguage(_Open):
    target_lang: str | None = None
    providers: list[Provider] | None = None


class StepConfiguration(_Open):
    id: str | None = None
    due: Moment | None = None
    assignments: list[ProvidersPerLanguage]


class Login(_Closed):
    """``LoginV3DtoV3``."""

    user_name: Annotated[str, Field(max_length=255)]
    password: Annotated[str, Field(max_length=255)]
    code: Annotated[str, Field(max_length=255)] | None = None
    user_uid: str | None = None


class BusinessReferences(_Closed):
    """The references that projects share with templates."""

    client: IdReference | None = None
    domain: IdReference | None = None
    sub_domain: IdReference | None = None
    business_unit: IdReference | None = None
    cost_center: IdReference | None = None


class CreateProjectFromTemplate(BusinessReferences):
    """``CreateProjectFromTemplateV2DtoV2``."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    source_lang: str | None = None
    target_langs: list[str] | None = None
    date_due: Moment | None = None
    note: str | None = None
    workflow_steps: list[IdReference] | None = None


class WorkflowSettings(_Open):
    complete_unassigned: bool | None = None
    propagate_translations_to_lower_wf_during_update_source: bool | None = None


class PatchProject(BusinessReferences):
    """``PatchProjectDtoV1``; what is not sent stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    status: ProjectStatus | None = None
    owner: IdReference | None = None
    date_due: Moment | None = None
    note: Annotated[str, Field(max_length=4096)] | None = None
    purchase_order: Annotated[str, Field(max_length=255)] | None = None
    archived: bool | None = None
    project_workflow_settings: WorkflowSettings | None = None
    machine_translate_settings: UidReference | None = None
    machine_translate_settings_per_langs: list[dict[str, Any]] | None = None


class SetProjectStatus(_Closed):
    """``SetProjectStatusDtoV1``."""

    status: ProjectStatus


class JobMetadata(_Open):
    """``JobCreateRequestDtoV1``; further keys are accepted, as Phrase's own clients send ``sourceData``."""

    target_langs: Annotated[list[str], Field(min_length=1)]
    path: Annotated[str, Field(max_length=255)] | None = None
    due: Moment | None = None
    assignments: list[ProvidersPerLanguage] | None = None
    workflow_settings: list[StepConfiguration] | None = None
    import_settings: UidReference | None = None
    use_project_file_import_settings: bool | None = None
    pre_translate: bool | None = None
    semantic_markup: bool | None = None
    callback_url: str | None = None
    remote_file: dict[str, Any] | None = None
    xml_assistant_profile: UidReference | None = None
    job_preview_package_file_uid_ref: UidReference | None = None
    notify_provider: dict[str, Any] | None = None


class SetJobStatus(_Closed):
    """``JobStatusChangeActionDtoV1``."""

    requested_status: JobStatus
    notify_owner: bool | None = None
    propagate_status: bool | None = None


class DeleteJobs(_Closed):
    """``JobPartDeleteReferences``."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=100)]


class ExportTarget(_Closed):
    """``DownloadTargetFileDtoV3``."""

    callback_url: str | None = None


class WriteWebhook(_Closed):
    """``CreateWebHookDtoV2``."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+\S*$")]
    events: list[WebhookEvent]
    name: Annotated[str, Field(max_length=255)] | None = None
    status: WebhookStatus = WebhookStatus.ENABLED
    secret_token: Annotated[str, Field(max_length=255)] | None = None
    secret_token_type: SecretTokenType = SecretTokenType.X_MEMSOURCE_TOKEN
    hidden: bool = False


class ReplayCalls(_Closed):
    """``ReplayRequestDtoV1``."""

    webhook_calls: list[UidReference] = Field(default_factory=list)


def parse(model: type[BodyModel], text: str | bytes) -> BodyModel:
    """
    Read JSON text.

    :raises Refusal: 400 when it is not JSON or breaks the model.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise invalid_input(error) from None


async def read_body(request: Request, model: type[BodyModel], *, optional: bool = False) -> BodyModel:
    """
    Read the JSON body of a request.

    :param optional: take an empty body as an empty object.
    :raises Refusal: 400 as :func:`parse`.
    """
    return parse(model, await request.body() or (b"{}" if optional else b""))
