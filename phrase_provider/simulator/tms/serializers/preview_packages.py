"""Preview packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.initial_data import ORGANIZATION
from phrase_provider.simulator.tms.serializers.common import user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.preview_packages import PreviewPackage
    from phrase_provider.simulator.tms.serializers.common import Json


def preview_package(package: PreviewPackage) -> Json:
    """Return ``JobPreviewPackageDtoV1``."""
    return {
        "uid": package.uid,
        "fileUid": package.file_uid,
        "fileName": package.file_name,
        "dateCreated": rest_date(package.created),
        "createdByRef": user(package.created_by),
        "organizationRef": {key: ORGANIZATION[key] for key in ("uid", "name")},
        "projectUidRef": {"uid": package.project.uid},
        "jobUidRef": None,
        "taskId": None,
    }
