"""How pkilint reads what SMKI Certificates contain: its own mappings, with what it lacks or has wrong.

Nothing of pkilint is changed in place: these are mappings of ours that its decoders are given.
"""

from pkilint.pkix import certificate, extension, name
from pyasn1.type import univ
from pyasn1_alt_modules import rfc4108, rfc5934

from certification.authorities.profiles import UNIQUE_IDENTIFIER

# X.520 6.2.14 says BIT STRING. pkilint does not know the attribute, takes it for a DirectoryString, and would
# call every Organisation Certificate unreadable.
ATTRIBUTES = {**name.ATTRIBUTE_TYPE_MAPPINGS, univ.ObjectIdentifier(UNIQUE_IDENTIFIER): univ.BitString()}

# RFC 5934 section 9: the Contingency Key of a Root OCA. pkilint leaves it undecoded, hence unchecked.
EXTENSIONS = {
    **extension.EXTENSION_MAPPINGS,
    rfc5934.id_pe_wrappedApexContinKey: rfc5934.ApexContingencyKey(),
}

# RFC 4108 section 5: the name of a device. pkilint leaves it undecoded, hence unchecked.
OTHER_NAMES = {rfc4108.id_on_hardwareModuleName: rfc4108.HardwareModuleName()}


def certificate_decoders() -> list[object]:
    """The validators that decode a Certificate, and find what is not decodable."""
    own = [certificate.create_other_name_decoder(OTHER_NAMES)]
    decoders: list[object] = certificate.create_decoding_validators(ATTRIBUTES, EXTENSIONS, own)
    return decoders
