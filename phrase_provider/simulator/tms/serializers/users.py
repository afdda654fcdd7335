"""Users, logins, vendors and email templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.initial_data import ORGANIZATION
from phrase_provider.simulator.tms.serializers.common import user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import EmailTemplate, User, Vendor
    from phrase_provider.simulator.tms.serializers.common import Json


_IDLE_FEATURES = (
    "autoLqaCopilotEnabled",
    "birdieEnabled",
    "filteringByCustomMetadataEnabled",
    "filteringByRegexEnabled",
    "icuEnabled",
    "idmOrganizationLogoEnabled",
    "idml2htmlPreviewEnabled",
    "ignoreTagMetadataEnabled",
    "loadingSegmentsUsingAnchorsEnabled",
    "lqaBulkCommentsCreation",
    "mqmQualityEstimationEnabled",
    "mtForTMAbove100Enabled",
    "mtuOptimizationEnabled",
    "platformSettingsEnabled",
    "qaHighlightsEnabled",
    "rejectJobs",
    "styleGuidesEnabled",
    "tbCustomFieldsEnabled",
    "tweI18nEnabled",
)


def login_user(person: User) -> Json:
    """Return ``LoginUserDtoV1``."""
    return {
        "user": {**user(person), "suiteIdentifier": None},
        "organization": ORGANIZATION,
        "edition": {"name": "Simulator"},
        "features": {**dict.fromkeys(_IDLE_FEATURES, False), "mentionsAndNotificationsPollingInterval": 60},
        "csrfToken": None,
    }


def login_response(person: User, token: str, expires: float) -> Json:
    """Return ``LoginResponseV3DtoV3``; ``expires`` in epoch seconds of real time."""
    return {
        "user": user(person),
        "token": token,
        "expires": rest_date(expires),
        "lastInvalidateAllSessionsPerformed": None,
    }


def listed_user(person: User, creator: User, created: float) -> Json:
    """Return ``UserDtoV1``; users are made by ``creator`` at ``created`` (epoch seconds)."""
    return {
        **user(person),
        "active": True,
        "anonymized": False,
        "createdBy": user(creator),
        "dateCreated": rest_date(created),
        "dateDeleted": None,
        "netRateScheme": None,
        "note": None,
        "priceList": None,
        "sourceLangs": [],
        "targetLangs": [],
        "terminologist": False,
        "timezone": "UTC",
    }


def vendor(organization: Vendor, creator: User, created: float) -> Json:
    """Return ``VendorDtoV1``; vendors were connected by ``creator`` at ``created`` (epoch seconds)."""
    return {
        "id": organization.id,
        "uid": organization.uid,
        "name": organization.name,
        "active": True,
        "vendorToken": None,
        "createdBy": user(creator),
        "dateCreated": rest_date(created),
        "defaultProjectOwner": None,
        "netRateScheme": None,
        "priceList": None,
        "sourceLocales": [],
        "targetLocales": [],
        "clients": [],
        "domains": [],
        "subDomains": [],
        "workflowSteps": [],
        "timezone": "UTC",
    }


def email_template(mail: EmailTemplate) -> Json:
    """Return ``OrganizationEmailTemplateDtoV1``."""
    return {
        "id": mail.id,
        "uid": mail.uid,
        "name": mail.name,
        "type": mail.type,
        "subject": mail.subject,
        "body": mail.body,
        "ccAddress": None,
        "bccAddress": None,
    }
