"""What a task does in Phrase when it is killed: nothing, or cancel its jobs."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class CancelOnKillMixin:
    """
    Lets a running task cancel its jobs when it is killed; a broken connection then cancels nothing.

    People may already work on the jobs, and Airflow also kills tasks when a worker is shut down: so it
    has to be asked for.
    """

    cancel_on_kill: bool
    project_uid: str
    log: Any

    @abstractmethod
    def job_uids_to_cancel(self) -> Sequence[str] | None:
        """Return the uids of the jobs to cancel; None: all of the project."""

    def on_kill(self) -> None:
        """Cancel the jobs of this task if that was asked for; takes 4 s at most: Airflow waits for 5."""
        from phrase_provider.services.tms.cancellation import ON_WORKER, cancel_jobs

        # Asking Airflow for the connection is not safe here. Without a client nothing was sent yet.
        hook = self.__dict__.get("hook")
        client = hook.__dict__.get("client") if hook else None
        if self.cancel_on_kill and client:
            cancel_jobs(client, self.project_uid, self.job_uids_to_cancel(), self.log, seconds=ON_WORKER)
