"""Keys in a hardware security module (PKCS#11): made there, used there, never outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Self

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, exceptions
from pkcs11.util.ec import encode_named_curve_parameters

from certification.authorities import der
from certification.authorities.keys.backend import (
    KeyMissing,
    KeyUnavailable,
    check_process,
    check_reference,
)
from certification.authorities.keys.key_wrap import wrap_with_padding
from certification.authorities.keys.tokens import Place, TokenSession, session_with
from smki_pma.settings.environment import Environment

_HALF = 32
_STAYS_INSIDE = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}


class HardwareKeys:
    """Keys of one token, each named by its label. Not deterministic: every signature is another one.

    So an intent without a Certificate is signed again from its stored bytes, and the signature that was lost
    with the process is nowhere: it was never written.
    """

    deterministic = False

    def __init__(self, token: TokenSession) -> None:
        self._token = token

    def __repr__(self) -> str:
        return f"HardwareKeys({self._token!r})"

    @classmethod
    def from_settings(cls) -> Self:
        check_process()
        place = Place(settings.SMKI_PKCS11_MODULE, settings.SMKI_PKCS11_TOKEN)
        pin = Environment().pkcs11_pin.get_secret_value()
        if not (place.module and place.label and pin):
            raise KeyUnavailable(
                "This process cannot reach the token of the CA keys: it needs SMKI_PKCS11_MODULE, "
                "SMKI_PKCS11_TOKEN and SMKI_PKCS11_PIN (or the file smki_pkcs11_pin in SMKI_SECRETS_DIR)."
            )
        return cls(session_with(place, pin))

    def generate(self, reference: str) -> bytes:
        check_reference(reference)
        self._token.run(lambda session: _generate(session, reference))
        return self.public_point(reference)

    def public_point(self, reference: str) -> bytes:
        return self._token.run(lambda session: _point(session, reference))

    def sign(self, reference: str, tbs: bytes) -> bytes:
        return self.signer(reference)(tbs)

    def signer(self, reference: str) -> Callable[[bytes], bytes]:
        def sign(tbs: bytes) -> bytes:
            digest = hashlib.sha256(tbs).digest()
            raw = self._token.run(
                lambda session: self._private(session, reference).sign(digest, mechanism=Mechanism.ECDSA)
            )
            return encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))

        return sign

    def generate_wrapping(self, reference: str) -> None:
        check_reference(reference)

        def generate(session: pkcs11.Session) -> None:
            if _find(session, ObjectClass.SECRET_KEY, reference) is None:
                session.generate_key(
                    KeyType.AES,
                    256,
                    store=True,
                    label=reference,
                    id=reference.encode(),
                    capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
                    template=_STAYS_INSIDE,
                )

        self._token.run(generate)

    def wrap(self, reference: str, content: bytes) -> bytes:
        def wrap(session: pkcs11.Session) -> bytes:
            key = _existing(session, ObjectClass.SECRET_KEY, reference)
            return wrap_with_padding(lambda block: key.encrypt(block, mechanism=Mechanism.AES_ECB), content)

        return self._token.run(wrap)

    def _private(self, session: pkcs11.Session, reference: str) -> Any:
        """Looked up once for each session: the search takes longer than the signature."""
        key = self._token.keys.get(reference)
        if key is None:
            key = _existing(session, ObjectClass.PRIVATE_KEY, reference)
            self._token.keys[reference] = key
        return key


def _generate(session: pkcs11.Session, reference: str) -> None:
    """Both halves, or nothing: a process that was killed may have left the public one alone."""
    if _find(session, ObjectClass.PRIVATE_KEY, reference) is not None:
        return
    orphan = _find(session, ObjectClass.PUBLIC_KEY, reference)
    if orphan is not None:
        orphan.destroy()
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
        store=True,
        label=reference,
        id=reference.encode(),
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template=_STAYS_INSIDE,
    )


def _point(session: pkcs11.Session, reference: str) -> bytes:
    return der.read(bytes(_existing(session, ObjectClass.PUBLIC_KEY, reference)[Attribute.EC_POINT])).content


def _existing(session: pkcs11.Session, kind: ObjectClass, reference: str) -> Any:
    key = _find(session, kind, reference)
    if key is None:
        raise KeyMissing(f"There is no key {reference} on the token: restore the CA keys.")
    return key


def _find(session: pkcs11.Session, kind: ObjectClass, reference: str) -> Any:
    try:
        return session.get_key(object_class=kind, label=reference)
    except exceptions.NoSuchKey:
        return None
    except exceptions.MultipleObjectsReturned:
        message = f"The token holds two keys {reference}: take away the one that no Certificate names."
        raise KeyUnavailable(message) from None
