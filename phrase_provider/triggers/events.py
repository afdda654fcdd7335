"""The events of triggers: plain JSON that wakes the task, checked when it arrives."""

from __future__ import annotations

from phrase_provider import exceptions
from phrase_provider.exceptions import PhraseError

#: Stored with waits that were deferred by an older version, so they keep their form.
DONE, FAILED = "met", "failed"


def done(result: dict[str, object]) -> dict[str, object]:
    """
    Return the event of a wait that ended well.

    :param result: small and plain JSON.
    """
    return {"status": DONE, "result": result}


def failed(error: PhraseError) -> dict[str, object]:
    """
    Return the event of a wait that ended badly.

    :param error: carried with all its attributes.
    """
    return {"status": FAILED, "error": {"type": type(error).__name__, **vars(error)}}


def result_of(event: object, *names: str) -> dict[str, object]:
    """
    Return the result that an event carries, checked.

    :param event: what the trigger sent, or whatever else woke the task.
    :param names: of texts that the result must have.
    :raises PhraseError: the error that the event carries, of its own class.
    """
    if isinstance(event, dict) and event.get("status") == DONE and isinstance(event.get("result"), dict):
        result: dict[str, object] = event["result"]
        if all(isinstance(result.get(name), str) for name in names):
            return result
    if isinstance(event, dict) and event.get("status") == FAILED and isinstance(event.get("error"), dict):
        raise _revive(dict(event["error"]))
    raise PhraseError(f"The trigger sent an event that no Phrase trigger sends: {event!r}")


def note_of(event: object) -> dict[str, object]:
    """
    Return what the task noted for itself when it was deferred.

    :param event: what woke it.
    :return: empty where there is none.
    """
    note = event.get("note") if isinstance(event, dict) else None
    return note if isinstance(note, dict) else {}


def noted_number(event: object, name: str) -> float | None:
    """
    Return a number that the task noted for itself when it was deferred.

    :param event: what woke it.
    :param name: of the number.
    :return: None where there is none.
    """
    return _number(note_of(event).get(name))


def deadline_of(event: object) -> float | None:
    """
    Return the deadline of the wait that ended.

    :param event: what woke the task.
    :return: epoch seconds; None where there is none.
    """
    return _number(event.get("deadline")) if isinstance(event, dict) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) else None


def _revive(facts: dict[str, object]) -> PhraseError:
    kind = getattr(exceptions, str(facts.pop("type", "")), PhraseError)
    if not (isinstance(kind, type) and issubclass(kind, PhraseError)):
        kind = PhraseError
    error = kind(str(facts.pop("message", "The wait failed")))
    vars(error).update(facts)
    return error
