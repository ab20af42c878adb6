"""How to make a request with openssl alone: shown to subscribers, and run as it stands by the tests."""

from __future__ import annotations

from certification.authorities.environments import Environment
from certification.authorities.profiles import HARDWARE_MODULE_NAME

_DEVICE_CONFIGURATION = """\
[req]
distinguished_name = empty
req_extensions = wanted

[empty]

[wanted]
keyUsage = critical, digitalSignature
subjectAltName = critical, otherName:{hardware_module_name};SEQUENCE:module

[module]
type = OID:{hw_type}
serial = FORMAT:HEX,OCTETSTRING:90B3D51F30010000
"""

_DEVICE_COMMANDS = """\
openssl ecparam -name prime256v1 -genkey -noout -out device.key
openssl req -new -sha256 -config device.cnf -subj / -key device.key -out device.csr
"""

# `openssl req` writes every attribute of a name as text, and uniqueIdentifier is a BIT STRING: hence asn1parse.
_ORGANISATION_CONFIGURATION = """\
[request]
info = SEQUENCE:info
algorithm = SEQUENCE:ecdsa_with_sha256
signature = FORMAT:HEX,BITSTRING:$ENV::SIGNATURE

[info]
version = INTEGER:0
subject = SEQUENCE:subject
key = SEQUENCE:key
attributes = IMPLICIT:0,SET:attributes

[subject]
1 = SET:common_name
2 = SET:unit
3 = SET:identifier

[common_name]
1 = SEQUENCE:common_name_value
[common_name_value]
type = OID:2.5.4.3
value = UTF8:Example Energy

[unit]
1 = SEQUENCE:unit_value
[unit_value]
type = OID:2.5.4.11
value = UTF8:02

[identifier]
1 = SEQUENCE:identifier_value
[identifier_value]
type = OID:2.5.4.45
value = FORMAT:HEX,BITSTRING:90B3D51F30010000

[key]
algorithm = SEQUENCE:p256
point = FORMAT:HEX,BITSTRING:$ENV::POINT
[p256]
type = OID:1.2.840.10045.2.1
curve = OID:1.2.840.10045.3.1.7

[attributes]
1 = SEQUENCE:wanted
[wanted]
type = OID:1.2.840.113549.1.9.14
values = SET:values
[values]
1 = SEQUENCE:extensions
[extensions]
1 = SEQUENCE:key_usage
[key_usage]
type = OID:2.5.29.15
critical = BOOLEAN:true
value = OCTWRAP,FORMAT:BITLIST,BITSTRING:0

[ecdsa_with_sha256]
type = OID:1.2.840.10045.4.3.2
"""

_ORGANISATION_COMMANDS = """\
openssl ecparam -name prime256v1 -genkey -noout -out organisation.key
export POINT=$(openssl pkey -in organisation.key -pubout -outform DER | tail -c 65 | od -An -v -tx1 | tr -d ' \\n')
export SIGNATURE=
openssl asn1parse -genconf organisation.cnf -genstr SEQUENCE:info -noout -out info.der
export SIGNATURE=$(openssl dgst -sha256 -sign organisation.key info.der | od -An -v -tx1 | tr -d ' \\n')
openssl asn1parse -genconf organisation.cnf -genstr SEQUENCE:request -noout -out organisation.der
openssl req -inform DER -in organisation.der -verify -out organisation.csr
"""


def device_configuration(env: Environment) -> str:
    """`device.cnf` for a Device request in that environment."""
    return _DEVICE_CONFIGURATION.format(hardware_module_name=HARDWARE_MODULE_NAME, hw_type=env.hw_type)


def device_commands() -> str:
    return _DEVICE_COMMANDS


def organisation_configuration() -> str:
    """`organisation.cnf` for an Organisation request."""
    return _ORGANISATION_CONFIGURATION


def organisation_commands() -> str:
    return _ORGANISATION_COMMANDS
