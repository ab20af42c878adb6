"""Device requests for benches: each with a key and a device of its own."""

import base64
import io
import itertools
import json
import zipfile

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der
from certification.authorities.environments import live_environment
from certification.authorities.profiles import ALTERNATIVE_NAME, ECDSA_SHA256, HARDWARE_MODULE_NAME, KEY_USAGE
from tests.samples.signing_requests import DIGITAL_SIGNATURE, attribute, key_info, point_of

# Any will do; production refuses samples.
OBJECT_IDENTIFIERS = {
    "device_policy": "1.3.6.1.4.1.32473.1",
    "organisation_policy": "1.3.6.1.4.1.32473.2",
    "hw_type": "1.3.6.1.4.1.32473.3",
}
SETTINGS = {f"SMKI_LIVE_{name.upper()}_OID": value for name, value in OBJECT_IDENTIFIERS.items()}
LIVE = live_environment(**OBJECT_IDENTIFIERS)
_devices = itertools.count(0x90B3D51F30010000)
_SIGNED_BY = der.sequence(der.oid(ECDSA_SHA256))


def csr() -> bytes:
    """The DER of one request."""
    key = ec.generate_private_key(ec.SECP256R1())
    module = der.sequence(der.oid(LIVE.hw_type), der.octet_string(next(_devices).to_bytes(8)))
    other_name = der.oid(HARDWARE_MODULE_NAME) + der.write(der.tagged(0), module)
    wanted = (
        (KEY_USAGE, DIGITAL_SIGNATURE),
        (
            ALTERNATIVE_NAME,
            der.sequence(der.write(der.tagged(0), other_name)),
        ),
    )
    extensions = der.sequence(*(der.sequence(der.oid(oid), der.octet_string(value)) for oid, value in wanted))
    info = der.sequence(
        der.integer(0),
        der.sequence(),
        key_info(point_of(key)),
        der.write(der.tagged(0), attribute(extensions)),
    )
    signature = key.sign(info, ec.ECDSA(hashes.SHA256()))
    return der.sequence(info, _SIGNED_BY, der.bit_string(signature))


def single() -> bytes:
    """The message of one request over the JSON interface."""
    return json.dumps({"policy": "device", "csr": base64.b64encode(csr()).decode()}).encode()


def batch(count: int) -> bytes:
    """A ZIP of so many."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number:05}.csr", csr())
    return content.getvalue()
