"""
Phrase TMS's answers as types, with the fields that this package reads.

The names are those of the TMS specification; ``JobPart`` is what its several reads of one thing have in
common. The specification requires almost no field, and neither do these types: what a caller indexes has been
demanded of the answer (``expect`` of :class:`~phrase_provider.api.session.Call`) or checked with
:mod:`phrase_provider.api.fields`. Dates are ISO 8601 texts with an offset, such as
``2026-01-10T18:13:51+0000``.
"""

from __future__ import annotations

from typing import Required, TypedDict


class ImportStatusDtoV1(TypedDict, total=False):
    """The import of a job or an analysis: ``RUNNING``, ``OK`` or ``ERROR``, with a reason."""

    status: str | None
    errorMessage: str | None


class ProjectWorkflowStepReferenceV1(TypedDict, total=False):
    """The workflow step that a job part belongs to."""

    id: str
    name: str
    workflowLevel: int


class ProjectWorkflowStepDtoV2(TypedDict, total=False):
    """A workflow step of a project; its level counts from 1."""

    id: int
    name: str
    workflowLevel: int


class ProviderReferenceV1(TypedDict, total=False):
    """Who has a job part; only ``type`` and the ids are documented, names come where Phrase sends them."""

    type: Required[str]
    id: str
    uid: str
    name: str
    firstName: str
    lastName: str
    userName: str


class JobPart(TypedDict, total=False):
    """A job part, as far as all reads of it have the same fields."""

    uid: Required[str]
    status: str
    targetLang: str
    filename: str
    originalFileDirectory: str
    innerId: str
    dateCreated: str
    dateDue: str
    imported: bool
    importStatus: ImportStatusDtoV1
    workflowStep: ProjectWorkflowStepReferenceV1
    providers: list[ProviderReferenceV1]
    continuous: bool


class JobRemoteFileReferenceV1(TypedDict, total=False):
    """Where a connector has a file."""

    humanReadableFileName: str


class JobPartReferenceV2(JobPart, total=False):
    """A job part in the list of a project."""

    split: bool
    sourceFileUid: str
    remoteFile: JobRemoteFileReferenceV1 | None


class JobPartExtendedDtoV1(JobPart, total=False):
    """A job part that is read alone."""

    isParentJobSplit: bool
    workflowLevel: int
    lastWorkflowLevel: int
    updateSourceDate: str | None


class SearchJobsDtoV1(TypedDict):
    """Of some job parts those that a project has."""

    jobs: list[JobPartExtendedDtoV1]


class AsyncRequestReferenceV1(TypedDict, total=False):
    """An async request that an answer names."""

    id: str
    action: str


class JobListDtoV1(TypedDict, total=False):
    """The answer to an upload: what was created, and the names of files that Phrase cannot import."""

    asyncRequest: AsyncRequestReferenceV1
    jobs: Required[list[JobPart]]
    unsupportedFiles: list[str]


class JobPartUpdateSourceDtoV1(TypedDict, total=False):
    """A job part of the first workflow step whose source is being updated."""

    uid: Required[str]
    targetLang: str
    filename: str


class JobUpdateSourceResponseDtoV1(TypedDict, total=False):
    """The answer to a source update; of a multilingual file it may name more jobs than were sent."""

    asyncRequest: Required[AsyncRequestReferenceV1]
    jobs: list[JobPartUpdateSourceDtoV1] | None


class SegmentsCountsDtoV1(TypedDict, total=False):
    """Counts of the segments of a job part, as they are now."""

    addedWords: int
    wordsCount: int
    confirmedWordsCount: int
    confirmedCharsCount: int


class SegmentsCountsResponseDtoV1(TypedDict, total=False):
    """The counts of one job part."""

    jobPartUid: Required[str]
    counts: SegmentsCountsDtoV1 | None


class SegmentsCountsResponseListDtoV1(TypedDict):
    """The counts of several job parts."""

    segmentsCountsResults: list[SegmentsCountsResponseDtoV1]


class ErrorDetailDtoV3(TypedDict, total=False):
    """Why a job part of a batch was not changed; no field tells which part."""

    code: str
    message: str | None


class JobPartPatchResultDtoV3(TypedDict, total=False):
    """The answer to a change of many job parts."""

    updated: Required[int]
    errors: list[ErrorDetailDtoV3] | None


class AReferenceToAJobPartWorkflowStepInstanceOfAJob(TypedDict, total=False):
    """A job part in the answer to a change of several."""

    uid: str
    targetLang: str
    filename: str
    workflowLevel: int


class ListOfJobParts(TypedDict):
    """The job parts that a call has created or changed."""

    jobs: list[AReferenceToAJobPartWorkflowStepInstanceOfAJob]


class AbstractProjectDtoV1(TypedDict, total=False):
    """A project in a list."""

    uid: Required[str]
    id: str
    name: str
    sourceLang: str
    targetLangs: list[str]
    dateCreated: str


class ProjectWorkflowSettingsReferenceV1(TypedDict, total=False):
    """What happens between the workflow steps of a project."""

    propagateTranslationsToLowerWfDuringUpdateSource: bool | None


class ProjectTemplateReferenceV1(TypedDict, total=False):
    """A project template in a list; some organizations see its ``id`` there."""

    uid: str
    id: str
    templateName: str


class ClientReferenceV1(TypedDict, total=False):
    """A client, or another thing that projects are sorted by; the id is a number as text."""

    id: str
    name: str


class DomainReferenceV1(ClientReferenceV1, total=False):
    """The domain of a project."""


class ProjectDtoV1(AbstractProjectDtoV1, total=False):
    """A project that is read alone; only this read has the note."""

    note: str
    archived: bool
    client: ClientReferenceV1 | None
    domain: DomainReferenceV1 | None
    template: ProjectTemplateReferenceV1 | None
    workflowSteps: list[ProjectWorkflowStepDtoV2]
    projectWorkflowSettings: ProjectWorkflowSettingsReferenceV1 | None


class AssignmentPerTargetLangDtoProjectTemplateV1(TypedDict, total=False):
    """The providers of a target language, as a template names them."""

    targetLang: str | None
    providers: list[ProviderReferenceV1] | None


class WorkflowStepSettingsDtoProjectTemplateV1(TypedDict, total=False):
    """What a template says of one workflow step."""

    assignedTo: list[AssignmentPerTargetLangDtoProjectTemplateV1] | None


class WorkflowStepDtoV1(TypedDict, total=False):
    """A workflow step of the organization."""

    uid: str
    name: str


class ProjectTemplateDto(TypedDict, total=False):
    """
    A project template; ``name`` is that of the project it was made from.

    ``assignedTo`` is for templates without workflow steps, ``workflowSettings`` for those with some.
    """

    uid: Required[str]
    id: str
    name: str
    templateName: str
    sourceLang: str
    targetLangs: list[str]
    workflowSteps: list[WorkflowStepDtoV1] | None
    workflowSettings: list[WorkflowStepSettingsDtoProjectTemplateV1] | None
    assignedTo: list[AssignmentPerTargetLangDtoProjectTemplateV1] | None


class AsyncResponseDtoV1(TypedDict, total=False):
    """How an async request ended; any field may be null."""

    errorCode: str | None
    errorDesc: str | None


class AsyncRequestDtoV1(TypedDict, total=False):
    """An async request; it has a response as soon as it has ended."""

    id: Required[str]
    action: str | None
    asyncResponse: AsyncResponseDtoV1 | None


class AsyncRequestWrapperV2DtoV2(TypedDict):
    """The answer to the start of an export."""

    asyncRequest: AsyncRequestDtoV1


class ConcurrentRequestsDtoV1(TypedDict):
    """How many async requests of an organization are pending, and how many may be; None: not told."""

    count: int | None
    limit: int | None


class AnalyseV3DtoV3(TypedDict, total=False):
    """An analysis."""

    uid: str
    importStatus: Required[ImportStatusDtoV1]


class IdmUserReferenceV1(TypedDict, total=False):
    """The user of a token."""

    uid: str
    userName: str
    role: str


class OrganizationReferenceV1(TypedDict, total=False):
    """An organization."""

    uid: str
    name: str


class UserDtoV1(TypedDict, total=False):
    """A user in a list."""

    id: str
    uid: str
    userName: str
    firstName: str
    lastName: str
    email: str


class VendorDtoV1(TypedDict, total=False):
    """A vendor in a list."""

    id: str
    uid: str
    name: str


class LoginUserDtoV1(TypedDict, total=False):
    """Who a token belongs to."""

    user: Required[IdmUserReferenceV1]
    organization: OrganizationReferenceV1
