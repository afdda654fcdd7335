from __future__ import annotations

from dataclasses import replace


def test_quick_check_gives_up_soon_and_repeats_nothing(settings):
    quick = replace(settings, timeout=60, retries=5, token_cache=True).with_timeout(4)
    assert (quick.timeout, quick.total_timeout, quick.retries, quick.token_cache) == (4, 8, 0, False)
    assert settings.with_timeout(600).timeout == settings.timeout


def test_source_data_is_sent_by_registered_clients_only(settings):
    known = replace(settings, client_version="1.0", host_version="3.3.0")
    assert known.source_data is None
    assert replace(known, client_type="AIRFLOW").source_data == {
        "clientType": "AIRFLOW",
        "clientVersion": "1.0",
        "hostVersion": "3.3.0",
    }


def test_token_is_not_shown(settings):
    assert settings.api_token not in repr(settings)
