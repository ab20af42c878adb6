"""A file is taken or refused by its content, with a reason, whatever the bytes are."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smki_pma.files.inspect import extract_text, inspect_file
from smki_pma.files.isolated import inspect_and_read
from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile
from tests.samples import office_files

PARAGRAPHS = ("First paragraph about keys.", "Second paragraph, with a comma.")


def a_plain_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "hello")
    return out.getvalue()


TAKEN = {
    FileKind.PDF: office_files.pdf(*PARAGRAPHS),
    FileKind.DOCX: office_files.docx(*PARAGRAPHS),
    FileKind.ODT: office_files.odt(*PARAGRAPHS),
}


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_good_file_is_recognised_and_read(kind):
    assert inspect_file(TAKEN[kind]) is kind
    assert extract_text(TAKEN[kind], kind).splitlines() == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"just some words", "text/plain"),
        (b"GIF89a" + b"\1\0" * 50, "image/gif"),
        (b"<html><body>hello</body></html>", "text/html"),
        (b" %PDF-1.7 not at the start", "must be a PDF"),
        (office_files.pdf("x")[:300], "broken PDF"),
        (b"%PDF-1.7\n", "broken PDF"),
        (office_files.encrypted_pdf(), "password"),
        (office_files.encrypted_pdf(""), "password"),
        (office_files.scripted_pdf(), "script"),
        (office_files.docx("x")[:-30], "broken"),
        (office_files.docx_with_macros(), "macros"),
        (
            office_files.rezip(office_files.docx("x"), add={"word/document.xml": b"<w:document"}),
            "broken Word",
        ),
        (office_files.rezip(office_files.docx("x"), drop=frozenset({"word/document.xml"})), "broken"),
        (office_files.odt("x", encrypted=True), "password"),
        (office_files.rezip(office_files.odt("x"), add={"Basic/Standard/m.xml": b"<x/>"}), "macros"),
        (office_files.rezip(office_files.odt("x"), add={"content.xml": b"<a>" * 1000}), "broken"),
        (a_plain_zip(), "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Microsoft Office"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_a_bad_file_is_refused_with_its_reason(data, reason):
    with pytest.raises(RefusedFile, match=reason):
        inspect_file(data)


def test_a_macro_content_type_is_refused_without_a_macro_part():
    types = office_files.rezip(office_files.docx("x"))
    with zipfile.ZipFile(BytesIO(types)) as archive:
        listed = archive.read("[Content_Types].xml").replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    with pytest.raises(RefusedFile, match="macros"):
        inspect_file(office_files.rezip(types, add={"[Content_Types].xml": listed}))


def test_an_archive_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(RefusedFile, match="unpack"):
        inspect_file(office_files.zip_bomb())


def test_an_entity_bomb_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(RefusedFile, match="broken"):
        inspect_file(office_files.rezip(office_files.odt("x"), add={"content.xml": bomb}))


def test_a_file_above_the_limit_is_refused():
    with pytest.raises(RefusedFile, match="larger than 1 MB"):
        inspect_file(TAKEN[FileKind.PDF] + b"\0" * 1024 * 1024, max_megabytes=1)


def test_text_is_cut_at_the_limit():
    for kind, data in TAKEN.items():
        assert len(extract_text(data, kind, max_characters=10)) <= 10


def test_deleted_revisions_are_no_text():
    odt = office_files.odt("Kept.")
    tracked = b"<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes><text:p>Kept.</text:p>"
    with zipfile.ZipFile(BytesIO(odt)) as archive:
        content = archive.read("content.xml").replace(b"<text:p>Kept.</text:p>", tracked)
    assert extract_text(office_files.rezip(odt, add={"content.xml": content}), FileKind.ODT) == "Kept."


@given(data=st.binary(max_size=2000))
@pytest.mark.parametrize("start", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_hostile_bytes_never_crash(start, data):
    with pytest.raises(RefusedFile):
        inspect_file(start + data)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(kind=st.sampled_from(list(FileKind)), cuts=st.data())
def test_damaged_good_files_never_crash(kind, cuts):
    data = bytearray(TAKEN[kind])
    for _ in range(cuts.draw(st.integers(1, 30))):
        data[cuts.draw(st.integers(0, len(data) - 1))] = cuts.draw(st.integers(0, 255))
    with suppress(RefusedFile):
        found = inspect_file(bytes(data))
        assert isinstance(extract_text(bytes(data), found), str)


def test_the_child_process_gives_the_same_answer():
    inspected = inspect_and_read(TAKEN[FileKind.PDF])
    assert inspected.kind is FileKind.PDF
    assert inspected.text.splitlines() == list(PARAGRAPHS)


def test_the_child_process_passes_the_refusal_on():
    with pytest.raises(RefusedFile, match="password"):
        inspect_and_read(office_files.encrypted_pdf())


def test_a_child_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr("smki_pma.files.isolated._SECONDS", 0.01)
    with pytest.raises(RefusedFile, match="limits of time and memory"):
        inspect_and_read(TAKEN[FileKind.PDF])
