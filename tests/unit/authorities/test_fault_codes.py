"""The table of codes is whole: every code that is used, and no other."""

import ast
from pathlib import Path

import certification
from certification.authorities.fault_codes import FAULT_CODES
from certification.service_interface import error_codes

ROOM = Path(certification.__file__).parent


def used_codes() -> set[str]:
    texts = {
        node.value
        for file in ROOM.rglob("*.py")
        if file.name != "fault_codes.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if text.startswith("csr.") and " " not in text and text != "csr."}


def test_the_table_has_every_code_once() -> None:
    assert sorted(used_codes()) == sorted(each.code for each in FAULT_CODES)


def test_each_code_says_what_it_means_and_what_to_do() -> None:
    assert all(each.meaning.endswith(".") and each.remedy.endswith(".") for each in FAULT_CODES)


def test_the_document_is_up_to_date() -> None:
    kept = (ROOM.parent / "docs" / "error-codes.md").read_text()
    assert kept == error_codes.document(), "Run manage.py write_error_codes and commit docs/error-codes.md."


def test_no_code_means_two_things() -> None:
    codes = [each.code for _, _, rows in error_codes.SECTIONS for each in rows()]
    assert len(codes) == len(set(codes)) > 80
