from __future__ import annotations


def test_who_am_i(client, requests_mock):
    me = {"user": {"userName": "anna", "role": "PROJECT_MANAGER"}, "organization": {"name": "Example"}}
    requests_mock.get("https://tms.test/web/api2/v1/auth/whoAmI", json=me)
    assert client.users.who_am_i() == me
