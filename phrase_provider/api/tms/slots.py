"""Room for async requests: starts kept below the number that Phrase lets an organization have pending."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING

from phrase_provider.api.tms.slot_count import SharedCount
from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from phrase_provider.api.settings import ClientSettings

log = logging.getLogger(__name__)

#: Seconds for which nobody on this host starts anything after a refusal, at random between these.
HOLD_OFF = (2.0, 6.0)


class Slots:
    """
    Says whether one more async request may be started, in step with the other processes of this host.

    Phrase allows 200 pending async requests per organization and refuses more, also those of people
    and other programs. A host that starts few asks nothing; one that starts many asks Phrase for its
    count every other second and adds what was started since.

    :param settings: name the organization.
    :param ask: reads Phrase's ``{count, limit}``.
    """

    def __init__(self, settings: ClientSettings, ask: Callable[[], Mapping[str, int | None]]) -> None:
        self._ask = ask
        self._shared = SharedCount(f"{settings.tms_url}\n{settings.api_token}")

    def take(self, wanted: int = 1, *, lead: float = 0.0) -> int:
        """
        Take slots, as far as there are any.

        :param wanted: how many async requests the caller wants to start.
        :param lead: seconds until the start, for tasks that have to be woken first.
        :return: how many it may start.
        """
        with self._shared.count() as count:
            now = time.time()
            if count.is_closed(now):
                return 0
            if count.quiet_room(now) >= wanted:
                return count.take(wanted, now + lead)
            asking = count.claim_recount(now)
        if asking:
            self._recount()
        with self._shared.count() as count:
            return count.take(int(min(wanted, count.room())), time.time() + lead)

    def begin(self) -> None:
        """Note that a start for which a slot was taken in advance happens now."""
        with self._shared.count() as count:
            count.begin(time.time())

    def is_full(self) -> bool:
        """Ask Phrase now whether there is no room; False when it does not tell."""
        self._recount()
        with self._shared.count() as count:
            return count.room() <= 0

    def refused(self) -> None:
        """Note that Phrase refused a start: nobody on this host tries again for some seconds."""
        with self._shared.count() as count:
            count.close(time.time(), random.uniform(*HOLD_OFF))

    def _recount(self) -> None:
        asked = time.time()
        try:
            told = self._ask()
        except PhraseError as error:
            # Starts go on: one that finds no room is refused, and waits then.
            log.warning("Phrase does not tell how many async requests are pending. %s", error)
            told = {}
        with self._shared.count() as count:
            count.recount(asked, told.get("count"), told.get("limit"))
