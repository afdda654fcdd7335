from __future__ import annotations

import datetime
import ipaddress
import math
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TMS = "https://tms.test/web"


@pytest.fixture
def settings() -> ClientSettings:
    return ClientSettings(
        "api-token-not-to-be-seen",
        "https://platform.test",
        TMS,
        "https://strings.test/v2",
        timeout=5,
        token_cache=False,
    )


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the client under test would have slept between repeats."""
    return []


@pytest.fixture
def session(settings: ClientSettings, waits: list[float]) -> Callable[..., PhraseSession]:
    def make(
        base_url: str = TMS, sleep: Callable[[float], None] = waits.append, **changes: Any
    ) -> PhraseSession:
        token = TokenSource(lambda: AccessToken("access-token-not-to-be-seen", math.inf))
        return PhraseSession(replace(settings, **changes), base_url, token=token, sleep=sleep)

    return make


@pytest.fixture
def client(session: Callable[..., PhraseSession]) -> TmsClient:
    return TmsClient(session())


@pytest.fixture
def page() -> Callable[..., dict[str, Any]]:
    def make(*items: dict[str, Any], number: int = 0, total: int = 1) -> dict[str, Any]:
        return {
            "content": list(items),
            "pageNumber": number,
            "pageSize": 50,
            "numberOfElements": len(items),
            "totalPages": total,
        }

    return make


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate and its key for a server on this host, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "phrase.test")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "server.pem"
    path.write_bytes(private + built.public_bytes(pem))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
