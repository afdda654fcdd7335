from __future__ import annotations

import pytest

from phrase_provider.config import HUMAN_POKE_INTERVAL, OPTIONS, SECTION, config_info, number
from phrase_provider.get_provider_info import get_provider_info
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_option_has_a_default_and_can_be_set(option, monkeypatch):
    variable = f"AIRFLOW__PHRASE__{option.name.upper()}"
    monkeypatch.delenv(variable, raising=False)
    assert number(option) == option.default
    monkeypatch.setenv(variable, "7.5")
    assert number(option) == 7.5


def test_provider_info_tells_each_option():
    told = get_provider_info()["config"]
    assert told == config_info()
    options = told[SECTION]["options"]
    assert {name: float(option["default"]) for name, option in options.items()} == {
        option.name: option.default for option in OPTIONS
    }


def test_sensors_take_their_interval_from_it(monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MACHINE_POKE_INTERVAL", "3")
    monkeypatch.setenv("AIRFLOW__PHRASE__HUMAN_POKE_INTERVAL", "400")
    assert PhraseTmsAsyncRequestSensor(task_id="a", async_request_id="1").poke_interval == 3
    assert PhraseTmsJobStatusSensor(task_id="b", project_uid="p").poke_interval == 400
    assert PhraseTmsJobStatusSensor(task_id="c", project_uid="p", poke_interval=5).poke_interval == 5


def test_value_that_is_no_number_is_named(monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__HUMAN_POKE_INTERVAL", "soon")
    with pytest.raises(Exception, match="human_poke_interval"):
        number(HUMAN_POKE_INTERVAL)
