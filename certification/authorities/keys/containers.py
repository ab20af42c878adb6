"""Secrets at rest: EncryptedPrivateKeyInfo (RFC 5958) under PBES2 with scrypt (RFC 7914) and AES-256-CBC.

Any PKCS#8 tool opens the file of a private key (`openssl pkey -inform DER`). `cryptography` reads scrypt but
writes PBKDF2 only, and a memory-hard derivation is the better one for a file that may be stolen.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from certification.authorities import der

_PBES2, _SCRYPT = "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11"
_AES256_CBC = "2.16.840.1.101.3.4.1.42"
# 16 MiB: a stock openssl, which stops at 32, can open the file. The passphrase is long by rule.
_COST, _BLOCK_SIZE, _PARALLEL = 2**14, 8, 1
_HIGHEST_COST = _COST  # a file that asks for more was put there to exhaust the machine
_KEY_LENGTH = 32


class WrongPassphrase(Exception):
    """The container does not open, because of the passphrase or because it is damaged."""


def encrypt(content: bytes, passphrase: bytes) -> bytes:
    """A container of `content`, which is one DER element (a PrivateKeyInfo, an OCTET STRING)."""
    salt, vector = secrets.token_bytes(16), secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    padded = padder.update(content) + padder.finalize()
    encryptor = Cipher(algorithms.AES256(_derive(passphrase, salt, _COST)), modes.CBC(vector)).encryptor()
    derivation = der.sequence(
        der.oid(_SCRYPT),
        der.sequence(der.octet_string(salt), *(der.integer(n) for n in (_COST, _BLOCK_SIZE, _PARALLEL))),
    )
    scheme = der.sequence(der.oid(_AES256_CBC), der.octet_string(vector))
    algorithm = der.sequence(der.oid(_PBES2), der.sequence(derivation, scheme))
    return der.sequence(algorithm, der.octet_string(encryptor.update(padded) + encryptor.finalize()))


def decrypt(container: bytes, passphrase: bytes) -> bytes:
    """Raises WrongPassphrase."""
    try:
        salt, cost, vector, ciphertext = _take_apart(container)
        if cost > _HIGHEST_COST:
            raise WrongPassphrase
        key = _derive(passphrase, salt, cost)
        decryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        content = unpadder.update(padded) + unpadder.finalize()
        # The padding alone would let one wrong passphrase in 256 pass.
        if der.read(content).encoded != content:
            raise WrongPassphrase
        return content
    except (ValueError, IndexError):
        raise WrongPassphrase from None


def _take_apart(container: bytes) -> tuple[bytes, int, bytes, bytes]:
    algorithm, ciphertext = der.read(container).children()
    derivation, scheme = algorithm.children()[1].children()
    salt, cost, *_ = derivation.children()[1].children()
    return salt.content, int.from_bytes(cost.content), scheme.children()[1].content, ciphertext.content


def _derive(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=_KEY_LENGTH, n=cost, r=_BLOCK_SIZE, p=_PARALLEL).derive(passphrase)
