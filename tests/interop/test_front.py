"""nginx with the production's own configuration in front of gunicorn, and curl as the machines of Parties."""

import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from certification.service_interface.refusals import REASONS
from smki_pma.deploy.front import PRODUCTION
from tests.servers.front import Answer, Front

CACERTS = "/.well-known/est/device/cacerts"
GUARDED = (CACERTS, "/api/v1/batches", "/api/test/v1/batches")
ISSUE = """
from pathlib import Path
from certification.service_interface.certificates import pem
from certification.service_interface.credentials import ask_for_credential, issue_credential
from certification.service_interface.models import Credential
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.roles import Role
it = Credential.objects.get(name="Local front")
by = acting_as(it.holder, Role.PARTY_OFFICER, clause="L4.5", party_id=it.party_id)
csr = Path({csr!r}).read_bytes()
asked = ask_for_credential(party_id=it.party_id, environment="live", name="Second", csr=csr, by=by)
issued = issue_credential(credential_id=asked.pk, by=Actor.clock())
Path({certificate!r}).write_text(pem(bytes(issued.certificate)))
"""
REVOKE = """
from certification.service_interface.credentials import revoke_credential
from certification.service_interface.models import Credential
from smki_pma.parties.authority import acting_as
from smki_pma.parties.roles import Role
it = Credential.objects.get(name="Second")
by = acting_as(it.holder, Role.PARTY_OFFICER, clause="L4.5", party_id=it.party_id)
revoke_credential(credential_id=it.pk, reason="The test revokes it.", by=by)
"""


def code_of(answer: Answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    code: str = answer.json()["code"]
    return code


def certificate_of_another(folder: Path) -> tuple[Path, Path]:
    """A client certificate that openssl makes: self-signed."""
    certificate, key = folder / "other.pem", folder / "other.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *(
                "-keyout",
                str(key),
                "-out",
                str(certificate),
                "-subj",
                "/CN=SMKI Service Interface credentials 1",
            ),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.mark.clause("L4.5")
@pytest.mark.parametrize("path", GUARDED)
def test_the_interface_asks_for_a_client_certificate(front: Front, path: str) -> None:
    answer = front.curl(path)
    assert (answer.status, code_of(answer)) == (401, "credential.missing")


@pytest.mark.clause("L4.5")
def test_pages_need_none(front: Front) -> None:
    assert front.curl("/livez").status == 200
    assert front.curl("/accounts/login/").status == 200


@pytest.mark.clause("L4.1(a)", "L4.5")
def test_a_credential_gets_through(front: Front) -> None:
    answer = front.as_officer(CACERTS)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "application/pkcs7-mime")


@pytest.mark.clause("L4.5")
@pytest.mark.parametrize("path", [*GUARDED, "/livez"])
def test_a_certificate_of_another_authority_gets_nowhere(front: Front, tmp_path: Path, path: str) -> None:
    certificate, key = certificate_of_another(tmp_path)
    answer = front.curl(path, certificate=certificate, key=key)
    assert (answer.status, code_of(answer)) == (401, "credential.unknown")


def forged_headers(front: Front) -> list[str]:
    """The front's own headers, as a client that knows somebody's certificate may send them."""
    pem = quote((front.folder / "client.pem").read_text())
    names = ("X-SSL-Client-Verify: SUCCESS", f"X-SSL-Client-Cert: {pem}")
    under = ("X_SSL_Client_Verify: SUCCESS", f"X_SSL_Client_Cert: {pem}")
    return [part for header in (*names, *under) for part in ("--header", header)]


@pytest.mark.clause("L4.5")
@pytest.mark.parametrize("path", GUARDED)
def test_headers_that_a_client_sends_are_not_the_fronts(front: Front, path: str) -> None:
    over_the_front = front.curl(path, *forged_headers(front))
    assert (over_the_front.status, code_of(over_the_front)) == (401, "credential.missing")
    # Past the front, at the address for browsers.
    direct = front.curl(path, *forged_headers(front), to=front.site.url)
    assert direct.status == 401
    assert b"credential.missing" in direct.body


@pytest.mark.clause("L4.5")
def test_headers_beside_a_credential_of_ones_own_change_nothing(front: Front) -> None:
    """The front's own values stand, not those sent beside them, or both."""
    answer = front.as_officer(
        CACERTS, "--header", "X-SSL-Client-Cert: nothing", "--header", "X-SSL-Client-Verify: NONE"
    )
    assert answer.status == 200


def test_a_message_too_large_is_turned_away_in_words_for_machines(front: Front, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"\0" * 2_000_000)
    answer = front.as_officer("/api/v1/requests", "--data-binary", f"@{large}")
    assert (answer.status, code_of(answer)) == (413, "message.too_large")


def too_large_for_a_page(folder: Path) -> Path:
    """A file of zeros, a little larger than any document that the rules can be made to allow."""
    large = folder / "too-large"
    with large.open("wb") as out:
        out.truncate(211 * 1024 * 1024)
    return large


def test_an_upload_too_large_is_turned_away_in_words_for_people(front: Front, tmp_path: Path) -> None:
    """The page is nginx's alone: it is there without the application too, in the application's style."""
    socket, large = front.folder / "web.sock", too_large_for_a_page(tmp_path)
    aside = socket.rename(front.folder / "aside.sock")
    try:
        answer = front.curl("/cps/submit/device/", "--form", f"file=@{large}")
    finally:
        aside.rename(socket)
    page = answer.body.decode()
    assert (answer.status, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert '<h1 class="govuk-heading-l">The file is too large</h1>' in page
    assert "style=" not in page
    assert "<script" not in page
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for address in re.findall(r'(?:href)="(/[^"]*)"', page):
        assert front.curl(address).status in (200, 302), address
    assert front.curl("/too-large.html").status == 404


def test_what_the_rules_can_be_made_to_allow_reaches_the_application(front: Front, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as out:
        out.truncate(60 * 1024 * 1024)
    answer = front.curl("/cps/submit/device/", "--form", f"file=@{large}")
    assert (answer.status, b"The file is too large" in answer.body) == (403, False), "no form's key, no more"


def test_only_modern_tls_and_http_2(front: Front) -> None:
    assert front.curl("/livez", "--write-out", "").status == 200
    ask = ["openssl", "s_client", "-connect", f"localhost:{front.port}", "-alpn", "h2"]
    modern = subprocess.run([*ask, "-tls1_2"], capture_output=True, input=b"")
    assert b"ALPN protocol: h2" in modern.stdout
    assert b"ECDHE" in modern.stdout
    old = subprocess.run([*ask, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], capture_output=True, input=b"")
    assert old.returncode != 0


@pytest.mark.clause("L4.2")
def test_an_application_that_is_away_is_said_so(front: Front) -> None:
    socket = front.folder / "web.sock"
    aside = socket.rename(front.folder / "aside.sock")
    try:
        answer = front.as_officer(CACERTS)
    finally:
        aside.rename(socket)
    assert (answer.status, code_of(answer)) == (503, "interface.away")
    assert answer.headers["retry-after"] == "10"


@pytest.mark.clause("L4.5")
def test_a_revoked_credential_opens_nothing_from_the_next_request_on(front: Front, tmp_path: Path) -> None:
    """Its chain still verifies at the front: the row says no."""
    key, csr, certificate = (tmp_path / name for name in ("key.pem", "csr.pem", "certificate.pem"))
    subprocess.run(
        [
            *("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", str(key), "-out", str(csr), "-subj", "/CN=interface"),
        ],
        check=True,
        capture_output=True,
    )
    front.site.manage("shell", "-c", ISSUE.format(csr=str(csr), certificate=str(certificate)))
    assert front.curl(CACERTS, certificate=certificate, key=key).status == 200
    front.site.manage("shell", "-c", REVOKE)
    answer = front.curl(CACERTS, certificate=certificate, key=key)
    assert answer.status == 401
    assert b"credential.revoked" in answer.body


def test_the_front_answers_with_the_interfaces_own_words() -> None:
    """What nginx says by itself has the codes, titles and clauses of the one table."""
    text = PRODUCTION.read_text()
    said = re.findall(r'"title":"([^"]+)","status":(\d+),.*?"code":"([^"]+)","clause":"([^"]+)"', text)
    assert len(said) == 5
    for title, status, code, clause in said:
        reason = REASONS[code]
        assert (title, int(status), clause) == (reason.title, reason.status, reason.clause)


def test_no_location_sets_a_header_of_its_own() -> None:
    """In nginx one proxy_set_header in a location drops all that it would inherit, and lets a client's through."""
    text = PRODUCTION.read_text()
    locations = re.findall(r"location [^{]+\{(.*?)\n    \}", text, re.DOTALL)
    assert len(locations) == 11
    assert not [each for each in locations if "proxy_set_header" in each]
