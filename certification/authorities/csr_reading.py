"""From what a person pastes or uploads to the DER of one request: PEM, bare Base64 or DER."""

from __future__ import annotations

import base64
import binascii
import re

from certification.authorities import der
from certification.authorities.faults import Fault

MAX_BYTES = 16_384
PRIVATE_KEY = "csr.private_key"
_PEM = re.compile(
    rb"-----BEGIN (?P<label>(?:NEW )?CERTIFICATE REQUEST)-----(?P<body>[^-]*)-----END (?P=label)-----"
)
_BEGIN = re.compile(rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----")
# What every private key in DER begins with: a SEQUENCE of a version (0 or 1) and then the key or its algorithm. PKCS#8
# (RFC 5958), ECPrivateKey (RFC 5915), RSAPrivateKey (RFC 8017). A request begins with two SEQUENCEs.
_KEY = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x02\x01[\x00\x01][\x30\x04\x02]", re.DOTALL
)
_LABEL = b"PRIVATE KEY-----"
# So many letters of Base64 decide it.
_BEGINNING = 24
_WHITE_SPACE = re.compile(rb"\s+")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SOURCE = "RFC 7468 section 7"


def read_request(data: bytes) -> bytes | Fault:
    """The DER inside `data`, whatever its wrapping, or what is wrong with the wrapping. Never raises."""
    if _LABEL in data:
        return private_key_fault()
    if len(data) > MAX_BYTES:
        return _fault("csr.too_large", f"The file is larger than {MAX_BYTES} bytes; a request has about 300.")
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if not data.strip():
        return _fault("csr.empty", "There is nothing here. Paste the request or choose its file.")
    if data[:1] == b"\x30":
        return data
    if b"-----BEGIN" in data:
        return _read_pem(data)
    return _read_base64(data)


def _read_pem(data: bytes) -> bytes | Fault:
    begun = len(_BEGIN.findall(data))
    if begun == 0:
        return _fault(
            "csr.not_a_request",
            "This is PEM, but not a request: its first line must be -----BEGIN CERTIFICATE REQUEST-----.",
        )
    if begun > 1:
        return _fault("csr.several", "There is more than one request here. Send one at a time.")
    found = _PEM.search(data)
    if found is None:
        return _fault("csr.truncated", "The -----END CERTIFICATE REQUEST----- line is missing. Copy all.")
    if data[found.end() :].strip():
        return _fault("csr.trailing_data", "Something follows the end of the request. Remove it.")
    return _read_base64(found["body"])


def _read_base64(text: bytes) -> bytes | Fault:
    compact = _WHITE_SPACE.sub(b"", text)
    try:
        decoded = base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        if len(compact) % 4 and compact.startswith(b"MI"):
            return _fault("csr.truncated", "The Base64 text ends in the middle: copy the whole request.")
        return _fault("csr.not_base64", "This is neither PEM, nor Base64, nor DER. Send a PKCS#10 request.")
    if not decoded:
        return _fault("csr.empty", "There is nothing between the first and the last line of the request.")
    return decoded


def read_element(data: bytes) -> der.Element | Fault:
    """The one outer element that must fill `data`."""
    try:
        element = der.read(data)
    except der.DerTruncated:
        return _fault("csr.truncated", "The request ends in the middle: copy or upload the whole of it.")
    except der.DerError as error:
        return _fault("csr.not_der", f"{error}, at octet {error.offset}.")
    if len(element.encoded) != len(data):
        surplus = len(data) - len(element.encoded)
        return _fault("csr.trailing_data", f"{surplus} octets follow the end of the request. Remove them.")
    return element


def holds_private_key(data: bytes) -> bool:
    """Whether it is a private key in any wrapping, whole or not: such bytes are kept nowhere. L3.5

    By its beginning alone, in a microsecond or two: asked of every file of a batch.
    """
    if _LABEL in data:
        return True
    if data[:1] == b"\x30":
        return _KEY.match(data) is not None
    begun = _BEGIN.search(data)
    text = data[begun.end() :] if begun else data.removeprefix(_BYTE_ORDER_MARK)
    # Most have their beginning in one line; what is laid out otherwise is read whole.
    begins = b"".join(text[: 2 * _BEGINNING].split())
    if len(begins) < _BEGINNING:
        begins = b"".join(text.split())
    try:
        return _KEY.match(binascii.a2b_base64(begins[:_BEGINNING])) is not None
    except binascii.Error:
        return False


def private_key_fault() -> Fault:
    """Whoever gets this fault must not keep the bytes."""
    return _fault(
        PRIVATE_KEY,
        "This contains a private key. Nobody but you may have it: treat it as Compromised, make a new key and "
        "send only the request. What you sent is not kept.",
    )


def _fault(code: str, message: str) -> Fault:
    return Fault(code, "Request", message, _SOURCE)
