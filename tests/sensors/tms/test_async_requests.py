from __future__ import annotations

import pytest
from task_runs import MODES, run

from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor

pytestmark = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def export(phrase):
    project_uid, (uid,) = phrase.jobs("de")
    return {"async_request_id": phrase.client.exports.start(project_uid, uid)}


def test_export_is_waited_for(phrase, export, mode, after_request):
    after_request("/async/", phrase.finish_exports)
    assert run(PhraseTmsAsyncRequestSensor, mode, poke_interval=0.05, **export) == {
        **export,
        "action": "EXPORT_COMPLETE_FILE",
    }


def test_wrong_uid_fails_even_where_lost_waits_are_skipped(phrase, mode):
    with pytest.raises(PhraseNotFoundError, match="Check the uid"):
        run(PhraseTmsAsyncRequestSensor, mode, async_request_id="999999", soft_fail=True)


def test_number_will_do_as_id(phrase, export, mode):
    phrase.finish_exports()
    given = {"async_request_id": int(export["async_request_id"])}
    assert run(PhraseTmsAsyncRequestSensor, mode, **given)["async_request_id"] == export["async_request_id"]
