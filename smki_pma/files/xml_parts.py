"""Reading the XML parts of DOCX and ODT as a stream of events, entities and external references refused."""

import io
from collections.abc import Callable
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.sax import make_parser  # type: ignore[import-untyped]

from smki_pma.files.refusals import refuse_broken

_MAX_DEPTH = 400

Name = tuple[str | None, str]


class PartReader(ContentHandler):
    """Calls `start(namespace, name, attributes)`, `end(namespace, name)` and `text(characters)`."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._depth = 0

    def start(self, namespace: str | None, name: str, attributes: dict[Name, str]) -> None:
        """An element starts."""

    def end(self, namespace: str | None, name: str) -> None:
        """An element ends."""

    def text(self, characters: str) -> None:
        """Characters between tags."""

    def startElementNS(self, name: Name, qname: str | None, attrs: Any) -> None:
        """The parser's own call."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise refuse_broken(self.title)
        self.start(name[0], name[1], dict(attrs.items()))

    def endElementNS(self, name: Name, qname: str | None) -> None:
        """The parser's own call."""
        self._depth -= 1
        self.end(name[0], name[1])

    def characters(self, content: str) -> None:
        """The parser's own call."""
        self.text(content)


def read_part(data: bytes, reader: PartReader) -> None:
    """Run the reader over a part; raises RefusedFile where the XML is broken or hostile."""
    parser: Any = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    try:
        parser.parse(io.BytesIO(data))
    except (SAXException, DefusedXmlException, LookupError, ValueError):
        raise refuse_broken(reader.title) from None


def elements_found(data: bytes, title: str, wanted: Callable[[str, dict[Name, str]], bool]) -> bool:
    """Whether any element of the part satisfies `wanted(local name, attributes)`."""
    finder = _Finder(title, wanted)
    read_part(data, finder)
    return finder.found


class _Finder(PartReader):
    def __init__(self, title: str, wanted: Callable[[str, dict[Name, str]], bool]) -> None:
        super().__init__(title)
        self.wanted = wanted
        self.found = False

    def start(self, namespace: str | None, name: str, attributes: dict[Name, str]) -> None:
        self.found = self.found or self.wanted(name, attributes)
