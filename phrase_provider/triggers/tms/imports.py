"""The trigger of those who go on with what is imported, and wait again for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.triggers.tms.base import PhraseTmsWaitTrigger
from phrase_provider.waiting.tms.imports_ended import ImportsEnded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from phrase_provider.triggers.wait import WaitOptions


class PhraseTmsImportsEndedTrigger(PhraseTmsWaitTrigger):
    """
    Fires when imports have ended, well or not: half of them, or any of them after some minutes.

    :param job_uids: by project, uids of job parts of the first workflow level whose files are imported.
    :param earliest: epoch seconds before which it does not fire.
    """

    def __init__(
        self, *, job_uids: Mapping[str, Sequence[str]], earliest: float, **wait: Unpack[WaitOptions]
    ) -> None:
        super().__init__(**wait)
        self.job_uids = {project_uid: list(uids) for project_uid, uids in job_uids.items()}
        self.earliest = earliest

    def condition(self) -> ImportsEnded:
        """Return what is waited for."""
        return ImportsEnded(self.job_uids, self.earliest)

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "job_uids": self.job_uids, "earliest": self.earliest}
