"""The settings of a client: addresses, credentials and limits for one Phrase organization."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """
    Addresses, credentials and limits of a client.

    :param api_token: Platform API token, exchanged for access tokens.
    :param platform_url: base of the Platform API, without ``/idm``.
    :param tms_url: base of the TMS API, ending in ``/web``.
    :param strings_url: base of the Strings API, ending in ``/v2``.
    :param web_url: base of the TMS pages for people; empty: ``tms_url``.
    :param user_agent: name and contact that Phrase asks clients to send.
    :param timeout: seconds to wait for a connection, and for each part of an answer; a whole call takes at
        most twice as long, and longer for the bytes of a file.
    :param retries: how often a call is repeated at most.
    :param max_wait: longest single wait between repeats, in seconds; a longer one becomes an error.
    :param verify: CA bundle file, or whether to check certificates.
    :param client_certificate: PEM file with certificate and key, or None.
    :param max_download: bytes that a downloaded file may have.
    :param token_cache: whether processes of this host share one access token.
    :param client_type: name registered with Phrase for the ``sourceData`` of jobs, or None.
    :param client_version: version of this package, sent with ``client_type``.
    :param host_version: version of the Airflow that runs it, sent with ``client_type``.
    """

    api_token: str = field(repr=False)
    platform_url: str
    tms_url: str
    strings_url: str
    web_url: str = ""
    user_agent: str = "airflow-provider-phrase"
    timeout: float = 60
    retries: int = 5
    max_wait: float = 120
    verify: str | bool = True
    client_certificate: str | None = None
    max_download: int = 2 << 30
    token_cache: bool = True
    client_type: str | None = None
    client_version: str | None = None
    host_version: str | None = None

    @property
    def total_timeout(self) -> float:
        """Seconds for a whole call, without the bytes of a file: to connect, and until the answer begins."""
        return 2 * self.timeout

    @property
    def source_data(self) -> dict[str, str] | None:
        """The ``sourceData`` of jobs, for Phrase's reporting; None without a registered client type."""
        if not self.client_type:
            return None
        known = {
            "clientType": self.client_type,
            "clientVersion": self.client_version,
            "hostVersion": self.host_version,
        }
        return {name: value for name, value in known.items() if value}

    def with_timeout(self, timeout: float) -> ClientSettings:
        """
        Return the same settings for a quick check: short timeout, no repeats, no shared token.

        :param timeout: seconds.
        """
        return replace(self, timeout=min(timeout, self.timeout), retries=0, token_cache=False)
