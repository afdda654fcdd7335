"""What became of a lane's targets, when nothing more is to be done in this try."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from phrase_provider.exceptions import PhraseNotDeliveredError
from phrase_provider.services.tms.lane.targets import State
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.services.tms.lane.targets import Target

#: Targets that an error names, and characters of each reason.
_NAMED, _REASON = 20, 200


class LaneResult(TypedDict):
    """
    How many targets a lane had, and what became of them.

    ``ended`` are cancelled, deleted or could not be imported; ``progress`` is the path of the file that says
    more.
    """

    targets: int
    delivered: int
    failed: int
    ended: int
    taken_over: int
    progress: str


def result_of(targets: Sequence[Target], progress_path: str) -> LaneResult:
    """
    Return the result of a lane.

    :param targets: all of them settled.
    :param progress_path: of the progress file.
    """
    counts = Counter(target.state for target in targets)
    return {
        "targets": len(targets),
        "delivered": counts[State.DELIVERED],
        "failed": counts[State.FAILED],
        "ended": counts[State.ENDED],
        "taken_over": counts[State.TAKEN_OVER],
        "progress": progress_path,
    }


def error_of(targets: Sequence[Target], *, has_tries_left: bool) -> PhraseNotDeliveredError | None:
    """
    Return what the try fails with: what may pass, while there are tries left; or that nothing was delivered.

    :param targets: all of them settled.
    :param has_tries_left: whether the task is tried again.
    :return: None where it succeeds.
    """
    lost = [target for target in targets if target.state in (State.FAILED, State.ENDED)]
    may_pass = [target for target in lost if target.state is State.FAILED and target.can_pass]
    if may_pass and has_tries_left:
        return _error(may_pass, len(targets), can_pass=True)
    if lost and not any(target.state is State.DELIVERED for target in targets):
        return _error(lost, len(targets), can_pass=bool(may_pass))
    return None


def _error(lost: Sequence[Target], number: int, *, can_pass: bool) -> PhraseNotDeliveredError:
    named = "; ".join(_named(target) for target in lost[:_NAMED])
    more = f"; and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    error = PhraseNotDeliveredError(
        f"{len(lost)} of {number} targets are not delivered. {named}{more}",
        hint="The others are delivered and recorded, and are not exported again. Mend the cause, then clear "
        "this task; what may pass is tried again while there are retries.",
    )
    error.can_pass = can_pass
    return error


def _named(target: Target) -> str:
    reason = printable(target.error or target.state.value, _REASON).rstrip(".")
    return f"{printable(target.key.source)} ({printable(target.key.target_lang, 20)}): {reason}"
