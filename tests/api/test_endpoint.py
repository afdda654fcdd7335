from __future__ import annotations

import pytest

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.exceptions import PhraseInputError

ENDPOINT = Endpoint("GET", "/projects/{project_uid}/jobs/{job_uid}")


def test_ids_are_escaped():
    assert ENDPOINT.fill({"project_uid": "a/b", "job_uid": "c?d#e"}) == "/projects/a%2Fb/jobs/c%3Fd%23e"


@pytest.mark.parametrize("uid", ["", ".", ".."])
def test_id_that_would_lead_elsewhere_is_refused(uid):
    with pytest.raises(PhraseInputError, match="is not a valid job_uid for GET /projects"):
        ENDPOINT.fill({"project_uid": "p1", "job_uid": uid})


def test_endpoint_is_named_by_verb_and_template_and_may_be_repeated_unless_declared():
    assert str(ENDPOINT) == "GET /projects/{project_uid}/jobs/{job_uid}"
    assert ENDPOINT.repeat is Repeat.SAFE
