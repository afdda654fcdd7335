"""The client of the TMS API, and its source of access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.auth.token_cache import TokenCache
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.call_log import CallLog
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.tms.analyses import Analyses
from phrase_provider.api.tms.assignments import Assignments
from phrase_provider.api.tms.async_requests import AsyncRequests
from phrase_provider.api.tms.exports import Exports
from phrase_provider.api.tms.job_batches import JobBatches
from phrase_provider.api.tms.job_clones import JobClones
from phrase_provider.api.tms.jobs import Jobs
from phrase_provider.api.tms.notifications import Notifications
from phrase_provider.api.tms.projects import Projects
from phrase_provider.api.tms.segment_counts import SegmentCounts
from phrase_provider.api.tms.slots import Slots
from phrase_provider.api.tms.source_updates import SourceUpdates
from phrase_provider.api.tms.templates import Templates
from phrase_provider.api.tms.users import Users
from phrase_provider.api.tms.vendors import Vendors

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.auth.access_token import AccessToken
    from phrase_provider.api.settings import ClientSettings


class TmsClient:
    """
    The resources of Phrase TMS over one session.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self.session = session
        self.templates = Templates(session)
        self.projects = Projects(session)
        self.jobs = Jobs(session)
        self.job_batches = JobBatches(session)
        self.source_updates = SourceUpdates(session)
        self.segment_counts = SegmentCounts(session)
        self.notifications = Notifications(session)
        self.job_clones = JobClones(session)
        self.exports = Exports(session)
        self.async_requests = AsyncRequests(session)
        self.analyses = Analyses(session)
        self.assignments = Assignments(session)
        self.users = Users(session)
        self.vendors = Vendors(session)
        self.slots = Slots(self.async_requests.get_pending_count)

    @classmethod
    def connect(
        cls,
        settings: ClientSettings,
        *,
        correlation_id: str | None = None,
        on_token: Callable[[str], None] | None = None,
    ) -> Self:
        """
        Return a client; nothing is sent yet.

        :param settings: addresses, credentials and limits.
        :param correlation_id: joins the log lines of one flow.
        :param on_token: told each access token, so that a log can mask it.
        """
        call_log = CallLog(correlation_id)
        token = token_source(settings, call_log, on_token)
        return cls(PhraseSession(settings, settings.tms_url, token=token, call_log=call_log))

    def with_timeout(self, timeout: float) -> Self:
        """
        Return a client with the same token that gives up soon and repeats nothing.

        :param timeout: seconds to wait for a connection, and for each part of an answer.
        """
        return type(self)(self.session.with_timeout(timeout))

    def close(self) -> None:
        """Close the connections."""
        self.session.close()


def token_source(
    settings: ClientSettings, call_log: CallLog, on_token: Callable[[str], None] | None
) -> TokenSource:
    """
    Return the source of access tokens for an organization.

    :param settings: credentials, and whether processes share a token.
    :param call_log: writes a line for each exchange.
    :param on_token: told each access token.
    """
    platform = PhraseSession(settings, settings.platform_url, call_log=call_log)
    cache = None
    if settings.token_cache:
        cache = TokenCache(settings.api_token, settings.platform_url, lock_timeout=settings.timeout)

    def make() -> AccessToken:
        try:
            return exchange(platform, settings.api_token)
        finally:
            # The next exchange is hours away.
            platform.close()

    return TokenSource(make, cache=cache, on_new=on_token)
