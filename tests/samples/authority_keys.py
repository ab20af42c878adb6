"""Certificates of all six kinds, built and signed with keys made on the spot: no database, no key store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import builder, der, encoding
from certification.authorities.builder import Contents
from certification.authorities.encoding import Name
from certification.authorities.environments import TEST
from certification.authorities.lint import Issuer
from certification.authorities.profiles import AES256_WRAP_PAD, CertificateKind, KeyUsage, profile_of
from tests.samples.signing_requests import EUI64, new_key, point_of

AT = datetime(2026, 11, 22, 14, 15, 16, tzinfo=UTC)
NAMES = {
    CertificateKind.ROOT_DCA: "DR1",
    CertificateKind.ISSUING_DCA: "DI1",
    CertificateKind.ROOT_OCA: "OR1",
    CertificateKind.ISSUING_OCA: "OI1",
}


def authority_name(kind: CertificateKind) -> Name:
    return Name(NAMES[kind], profile_of(kind).unit)


def wrapped_key() -> bytes:
    wrapped = keywrap.aes_key_wrap_with_padding(b"k" * 32, encoding.public_key_info(point_of(new_key())))
    return der.sequence(der.sequence(der.oid(AES256_WRAP_PAD)), der.octet_string(wrapped))


@dataclass
class Hierarchy:
    """A key for each Authority; certificates are made on demand."""

    keys: dict[CertificateKind, ec.EllipticCurvePrivateKey] = field(
        default_factory=lambda: {kind: new_key() for kind in NAMES}
    )

    def issuer(self, kind: CertificateKind) -> Issuer | None:
        """The issuer of Certificates of a kind as a lint knows it; None for a self-signed one."""
        above = profile_of(kind).issuer
        if above is kind:
            return None
        return Issuer(authority_name(above).encoded(), encoding.key_identifier(point_of(self.keys[above])))

    def contents(self, kind: CertificateKind, **changes: object) -> Contents:
        profile = profile_of(kind)
        issuer = self.issuer(kind)
        authority = kind in NAMES
        subjects = {
            CertificateKind.DEVICE: Name(),
            CertificateKind.ORGANISATION: Name("Brightwater", 2, EUI64),
        }
        given: dict[str, object] = {
            "profile": profile,
            "environment": TEST,
            "serial": builder.new_serial(AT),
            "issuer": authority_name(profile.issuer),
            "issuer_key_id": issuer.key_id if issuer else None,
            "subject": authority_name(kind) if authority else subjects[kind],
            "not_before": AT,
            "point": point_of(self.keys[kind] if authority else new_key()),
            "usage": KeyUsage.CA if authority else KeyUsage.DS,
            "eui64": EUI64 if kind is CertificateKind.DEVICE else b"",
            "wrapped_contingency_key": wrapped_key() if kind is CertificateKind.ROOT_OCA else b"",
        }
        return Contents(**(given | changes))  # type: ignore[arg-type]

    def sign(self, kind: CertificateKind, tbs: bytes) -> bytes:
        """The document over `tbs`, signed by the Authority of that kind."""
        key = self.keys[kind]
        signature = key.sign(tbs, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return builder.assemble(tbs, signature, issuer_point=point_of(key))

    def certificate(self, kind: CertificateKind, **changes: object) -> bytes:
        contents = self.contents(kind, **changes)
        return self.sign(contents.profile.issuer, builder.build_tbs(contents))
