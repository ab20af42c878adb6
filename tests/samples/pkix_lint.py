"""pkilint as it comes, without our lints: what it says of a Certificate, a list, or a Certificate and its issuer."""

from pkilint import loader, pkix, validation
from pkilint.bin import lint_pkix_signer_signee_cert_chain as chain
from pkilint.pkix import certificate, crl, extension, name
from pyasn1.type import univ

# X.520 says BIT STRING; pkilint takes every attribute that it does not know for a DirectoryString.
_ATTRIBUTES = {**name.ATTRIBUTE_TYPE_MAPPINGS, univ.ObjectIdentifier("2.5.4.45"): univ.BitString()}

# severities count from FATAL, 0
_MILDEST = validation.ValidationFindingSeverity.NOTICE


def _findings(results: list[validation.ValidationResult]) -> set[str]:
    return {
        f"{found.finding.severity.name} {found.finding.code}"
        for result in results
        for found in result.finding_descriptions
        if found.finding.severity <= _MILDEST
    }


def certificate_findings(der: bytes) -> set[str]:
    """What the RFC 5280 Certificate linter finds, from notices up."""
    validator = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(_ATTRIBUTES, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    return _findings(validator.validate(loader.load_certificate(der, "certificate").root))


def list_findings(der: bytes) -> set[str]:
    """What the RFC 5280 CRL linter finds, from notices up."""
    validator = crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(_ATTRIBUTES),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )
    return _findings(validator.validate(loader.load_crl(der, "list").root))


def chain_findings(issuer: bytes, subject: bytes) -> set[str]:
    """What the linter of issuer and subject finds: names, key identifiers, policies and the signature."""
    documents: dict[str, object] = {}
    load = loader.RFC5280CertificateDocumentLoader().load_der_document
    documents["issuer"] = load(issuer, "issuer", "issuer", documents)
    documents["subject"] = load(subject, "subject", "subject", documents)
    roots = [documents["issuer"].root, documents["subject"].root]  # type: ignore[attr-defined]
    decoders = certificate.create_decoding_validators(_ATTRIBUTES, extension.EXTENSION_MAPPINGS)
    decoding = validation.ValidatorContainer(validators=decoders, path="certificate")
    results = [found for root in roots for found in decoding.validate(root)]
    results += chain.create_issuer_validation_container().validate(roots[0])
    results += chain.create_subject_validation_container().validate(roots[1])
    return _findings(results)
