"""The PKCS#10 structure (RFC 2986), taken apart before any rule of a profile is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from certification.authorities import der

EXTENSION_REQUEST = "1.2.840.113549.1.9.14"


@dataclass(frozen=True, slots=True)
class RequestParts:
    """A CertificationRequest in its parts; `attributes` is empty where the request has none."""

    info: bytes
    version: bytes
    subject: der.Element
    public_key: der.Element
    attributes: tuple[der.Element, ...]
    algorithm: der.Element
    signature: bytes


@dataclass(frozen=True, slots=True)
class RequestedExtension:
    oid: str
    value: bytes


def children(element: der.Element, *tags: int) -> list[der.Element]:
    """The children of `element`, which must have exactly these tags. Raises DerError."""
    found = element.children()
    if [child.tag for child in found] != list(tags):
        raise der.DerError("The structure is not that of a PKCS#10 request", 0)
    return found


def only(element: der.Element, tag: int) -> der.Element:
    """The single child of `element`. Raises DerError."""
    return children(element, tag)[0]


def bits(element: der.Element) -> bytes:
    """The octets of a BIT STRING in whole octets. Raises DerError."""
    if element.tag != der.BIT_STRING or not element.content or element.content[0] != 0:
        raise der.DerError("A BIT STRING of whole octets was expected", 0)
    return element.content[1:]


def take_apart(request: der.Element) -> RequestParts:
    """Raises DerError when `request` is not shaped like a CertificationRequest."""
    info, algorithm, signature = children(request, der.SEQUENCE, der.SEQUENCE, der.BIT_STRING)
    fields = info.children()
    expected = [der.INTEGER, der.SEQUENCE, der.SEQUENCE, der.tagged(0)]
    if [field.tag for field in fields] not in (expected, expected[:3]):
        raise der.DerError("The request has not the four fields of PKCS#10", 0)
    return RequestParts(
        info=info.encoded,
        version=fields[0].content,
        subject=fields[1],
        public_key=fields[2],
        attributes=tuple(fields[3].children()) if len(fields) == 4 else (),
        algorithm=algorithm,
        signature=bits(signature),
    )


def read_algorithm(element: der.Element) -> tuple[str, der.Element | None]:
    """The OID of an AlgorithmIdentifier and its parameters, if there are any. Raises DerError."""
    fields = element.children()
    if not fields or fields[0].tag != der.OID or len(fields) > 2:
        raise der.DerError("An algorithm identifier was expected", 0)
    return der.read_oid(fields[0].content), fields[1] if len(fields) == 2 else None


def read_attribute(element: der.Element) -> tuple[str, list[der.Element]]:
    """The OID of a request's attribute and its values. Raises DerError."""
    identifier, values = children(element, der.OID, der.SET)
    return der.read_oid(identifier.content), values.children()


def read_extensions(value: der.Element) -> list[RequestedExtension]:
    """The extensions that an extensionRequest asks for. Raises DerError."""
    if value.tag != der.SEQUENCE:
        raise der.DerError("The requested extensions are not a SEQUENCE", 0)
    return [_read_extension(element) for element in value.children()]


def _read_extension(element: der.Element) -> RequestedExtension:
    fields = [field for field in element.children() if field.tag != der.BOOLEAN]
    if element.tag != der.SEQUENCE or [field.tag for field in fields] != [der.OID, der.OCTET_STRING]:
        raise der.DerError("A requested extension is malformed", 0)
    return RequestedExtension(der.read_oid(fields[0].content), fields[1].content)


def read_name(subject: der.Element) -> list[tuple[str, der.Element]]:
    """The attributes of a Name in order; each must stand alone in its set. Raises DerError."""
    found: list[tuple[str, der.Element]] = []
    for part in subject.children():
        if part.tag != der.SET:
            raise der.DerError("The subject is not a list of sets", 0)
        fields = only(part, der.SEQUENCE).children()
        if len(fields) != 2 or fields[0].tag != der.OID:
            raise der.DerError("An attribute of the subject is malformed", 0)
        found.append((der.read_oid(fields[0].content), fields[1]))
    return found
