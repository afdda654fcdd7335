"""The ``[phrase]`` section of Airflow's configuration: its options, and how they are read."""

from __future__ import annotations

from typing import NamedTuple

SECTION = "phrase"
#: Seconds from the start of a wait for people to its end, for a job without a due date.
WITHOUT_DUE = 60 * 24 * 3600.0


class Option(NamedTuple):
    """
    A number that an Airflow deployment may set for all tasks.

    :param name: key in the section; environment: ``AIRFLOW__PHRASE__<NAME>``.
    :param description: what it does.
    :param default: its value when not set.
    """

    name: str
    description: str
    default: float


MACHINE_POKE_INTERVAL = Option(
    "machine_poke_interval",
    "Longest time between polls of imports and exports, in seconds, where a task sets none.",
    30,
)
HUMAN_POKE_INTERVAL = Option(
    "human_poke_interval",
    "Longest time between polls of the work of people, in seconds, where a task sets none.",
    300,
)
RECONCILIATION_TIMEOUT = Option(
    "reconciliation_timeout",
    "How long to look for the effect of a request whose answer got lost, in seconds.",
    30,
)
MAX_FAILURE_DURATION = Option(
    "max_failure_duration",
    "How long a wait goes on while all its polls fail, in seconds; then it ends with the last error.",
    600,
)
REQUESTS_PER_MINUTE = Option(
    "requests_per_minute",
    "Most requests that the waits of one triggerer send over one connection, where Phrase allows a user "
    "6,000. With more to ask, they ask less often.",
    1200,
)

OPTIONS = (
    MACHINE_POKE_INTERVAL,
    HUMAN_POKE_INTERVAL,
    RECONCILIATION_TIMEOUT,
    MAX_FAILURE_DURATION,
    REQUESTS_PER_MINUTE,
)


def number(option: Option) -> float:
    """
    Return the value of an option: as the deployment sets it, else its default.

    :param option: from the table.
    """
    from airflow.providers.common.compat.sdk import conf

    return float(conf.getfloat(SECTION, option.name, fallback=option.default))


def config_info() -> dict[str, object]:
    """Return the section in the form that ``get_provider_info`` wants."""
    return {
        SECTION: {
            "description": "Defaults of the Phrase provider.",
            "options": {
                option.name: {
                    "description": option.description,
                    "version_added": "0.1.0",
                    "type": "float",
                    "example": None,
                    "default": str(option.default),
                }
                for option in OPTIONS
            },
        }
    }
