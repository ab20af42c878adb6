"""What is fuzzed, and what must hold whatever the bytes are. Each target raises when it does not.

The oracle is never our own code: `cryptography` for requests, Python's zipfile for archives.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from certification.authorities import der
from certification.authorities.csr import CheckedCsr, check_csr
from certification.authorities.csr_reading import MAX_BYTES
from certification.authorities.encoding import SIGNATURE_ALGORITHM
from certification.authorities.environments import TEST
from certification.authorities.profiles import CertificateKind, KeyUsage, profile_of
from certification.batches.container import RefusedContainer, open_container
from certification.engine.requests import RequestChecker
from certification.linting.linters import lint_certificate, lint_list
from certification.linting.revocation_lists import ExpectedList
from certification.linting.rule import Expected
from certification.service_interface.machine.schemas import SingleIn
from tests.samples import signing_requests as sample
from tests.samples.authority_keys import Hierarchy
from tests.samples.zips import streamed_zip, zip_of

DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION
KEY = sample.new_key()
RECIPES = (
    sample.device().but(key=KEY),
    sample.device(usage=sample.KEY_AGREEMENT).but(key=KEY),
    sample.organisation(common_name="Brightwater").but(key=KEY),
)
REQUESTS = tuple(recipe.make() for recipe in RECIPES)
LARGEST_BATCH = 50
HIERARCHY = Hierarchy()
_ISSUER = HIERARCHY.issuer(DEVICE)
assert _ISSUER is not None
EXPECTED = Expected(profile_of(DEVICE), TEST, _ISSUER)
_USAGE_BITS = {KeyUsage.DS: {"digital_signature"}, KeyUsage.KA: {"key_agreement"}}
_USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")


@dataclass(frozen=True)
class Target:
    """run: raises where something does not hold. seeds: right inputs, from which the fuzzer begins."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    longest: int = 4096


def requests(data: bytes) -> None:
    """Any bytes as a request: faults or a request, never both, never an exception."""
    for kind in (DEVICE, ORGANISATION):
        outcome = check_csr(data, kind, TEST)
        assert (outcome.csr is None) == bool(outcome.faults)
        if outcome.csr is not None:
            _agree(outcome.csr)
    _check_quick_way(data)


def signed_requests(data: bytes) -> None:
    """Any bytes as the signed part, under a true signature: so the fuzzer gets past the proof of possession."""
    signature = KEY.sign(data, ec.ECDSA(hashes.SHA256()))
    requests(der.sequence(data, SIGNATURE_ALGORITHM, der.bit_string(signature)))


def _agree(checked: CheckedCsr) -> None:
    """What we accept, `cryptography` reads alike, and its signature verifies."""
    assert len(checked.der) <= MAX_BYTES
    request = x509.load_der_x509_csr(checked.der)
    assert request.is_signature_valid
    key = request.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert sample.point_of_public(key) == checked.point
    usage = request.extensions.get_extension_for_class(x509.KeyUsage).value
    named = {use for use in _USES if getattr(usage, use)}
    assert named == _USAGE_BITS[checked.usage]
    assert not usage.key_cert_sign
    assert not usage.crl_sign
    if checked.kind is DEVICE:
        assert len(request.subject) == 0
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        [name] = list(names)
        assert isinstance(name, x509.OtherName)
        assert name.value.endswith(der.octet_string(checked.eui64))
    assert len(request.extensions) == (2 if checked.kind is DEVICE else 1)


def _check_quick_way(data: bytes) -> None:
    """The engine's quick check accepts exactly what the whole check accepts."""
    checker = RequestChecker(TEST)
    checker.check(REQUESTS[0])
    quick = checker.check(data)
    whole = check_csr(data, DEVICE, TEST)
    assert isinstance(quick, tuple) == (whole.csr is None)
    if whole.csr is not None and not isinstance(quick, tuple):
        wanted = (quick.point, quick.usage, quick.eui64)
        assert wanted == (whole.csr.point, whole.csr.usage, whole.csr.eui64)


def archives(data: bytes) -> None:
    """Any bytes as the ZIP of a batch: refused, or read as Python's zipfile reads it, and within the limits."""
    try:
        container = open_container(data, largest=LARGEST_BATCH)
    except RefusedContainer:
        return
    assert 2 <= len(container) <= LARGEST_BATCH
    entries = list(container.entries(0, len(container)))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except NotImplementedError:  # it minds the version that an entry says it needs; we mind what the entry is
        return
    with archive:
        infos = {info.filename: info for info in archive.infolist()}
        assert len(infos) == len(entries)
        for entry in entries:
            if not entry.fault:
                assert archive.read(infos[entry.name]) == entry.csr
            assert len(entry.csr) <= MAX_BYTES


def elements(data: bytes) -> None:
    """Any bytes as DER: an error of ours, or elements that are written again as they were."""
    try:
        der.check_strict(data)
    except der.DerError:
        return
    _write_again(data)


def _write_again(data: bytes) -> None:
    for element in der.iterate(data):
        assert der.write(element.tag, element.content) == element.encoded
        if element.contains_elements():
            _write_again(element.content)
        elif element.tag == der.OID:
            try:
                dotted = der.read_oid(element.content)
            except der.DerError:
                continue
            assert der.oid(dotted) == element.encoded


def documents(data: bytes) -> None:
    """Any bytes as a Certificate or a list: findings, never an exception; only right ones have none."""
    lint_certificate(data, EXPECTED)
    lint_list(data, ExpectedList(_ISSUER))


def bodies(data: bytes) -> None:
    """Any bytes as a message of the JSON interface, and what it carries as a request."""
    try:
        message = SingleIn.model_validate_json(data)
    except ValidationError:
        return
    requests(message.csr.encode("utf-8", "surrogatepass")[: MAX_BYTES + 1])


def _infos() -> tuple[bytes, ...]:
    return tuple(der.read(request).children()[0].encoded for request in REQUESTS)


def _archives() -> tuple[bytes, ...]:
    entries = {"a.csr": b"one" * 9, "b.csr": b"two"}
    return zip_of(entries), streamed_zip(entries)


TARGETS = {
    "requests": Target(requests, REQUESTS),
    "signed_requests": Target(signed_requests, _infos()),
    "archives": Target(archives, _archives()),
    "elements": Target(elements, (*REQUESTS, HIERARCHY.certificate(CertificateKind.ROOT_OCA))),
    "documents": Target(documents, tuple(HIERARCHY.certificate(kind) for kind in CertificateKind)),
    "bodies": Target(bodies, (b'{"policy": "device", "csr": "MIIB"}',)),
}
