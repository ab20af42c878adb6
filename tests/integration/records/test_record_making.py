"""A decision's document: signed, tagged, with its proof inside, and its hash in a later entry."""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem, x509
from django.db import IntegrityError, transaction
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from smki_pma.files import store
from smki_pma.ledger import keys, verifier
from smki_pma.ledger.gate import GateError
from smki_pma.ledger.models import EntryText
from smki_pma.parties.models import Organisation
from smki_pma.records import printing, selectors
from smki_pma.records.document_key import signing_in_use
from smki_pma.records.making import make_record
from smki_pma.records.models import DocumentKey, Record
from smki_pma.records.orders import Order
from smki_pma.records.printing import NotPrinted, print_signed
from smki_pma.records.requests import request_record
from tests.integration.records.conftest import decide

pytestmark = pytest.mark.django_db


def status_of(pdf: bytes):
    _, _, der = pem.unarmor(DocumentKey.objects.get().certificate_pem.encode())
    context = ValidationContext(trust_roots=[x509.Certificate.load(der)])
    return validate_pdf_signature(PdfFileReader(BytesIO(pdf)).embedded_signatures[0], context)


def test_pyhanko_accepts_the_signature(made: Record) -> None:
    status = status_of(store.read_verified(made.sha256))
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"


def test_a_flipped_byte_breaks_the_signature(made: Record) -> None:
    pdf = bytearray(store.read_verified(made.sha256))
    pdf[len(pdf) // 3] ^= 1
    assert not status_of(bytes(pdf)).bottom_line


def test_pdfsig_accepts_the_signature(made: Record, tmp_path: Path) -> None:
    file = tmp_path / "decision.pdf"
    file.write_bytes(store.read_verified(made.sha256))
    done = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True)
    assert "Signature Validation: Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout


def test_it_is_a_tagged_archive_file_with_its_fonts(made: Record) -> None:
    with pikepdf.open(BytesIO(store.read_verified(made.sha256))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == made.title
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en-GB"
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    assert all(re.search("Liberation", font) for font in fonts), fonts


def test_the_proof_inside_verifies_without_us(made: Record) -> None:
    with pikepdf.open(BytesIO(store.read_verified(made.sha256))) as pdf:
        inside = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    name = f"ledger-entry-{made.ledger_number}"
    fields, size = verifier.check_proof(inside[f"{name}.tlog-proof"].decode(), keys.published_vkeys())
    assert (fields["number"], size) == (made.ledger_number, made.checkpoint_size)
    salt = bytes.fromhex(inside[f"{name}.salt.txt"].decode())
    verifier.check_text(fields, inside[f"{name}.json"], salt, "entry")
    assert json.loads(inside[f"{name}.json"])["event"] == "decision.made"
    assert inside["ledger-keys.txt"].decode().splitlines() == keys.published_vkeys()


def test_its_own_hash_is_a_later_entry(made: Record) -> None:
    text = EntryText.objects.get(event="record.made")
    facts = json.loads(text.content)["facts"]
    assert facts["sha256"] == made.sha256 == hashlib.sha256(store.read_verified(made.sha256)).hexdigest()
    assert facts["proves_entry"] == made.ledger_number < text.number


def test_making_it_again_makes_nothing(made: Record) -> None:
    before = EntryText.objects.count()
    assert make_record(made.pk).sha256 == made.sha256
    assert EntryText.objects.count() == before


def test_a_refused_act_asks_for_no_document(run_jobs: Callable[[], int]) -> None:
    with pytest.raises(GateError):
        request_record(
            kind="sample",
            title="Nothing",
            subject=Organisation(),
            template="x",
            context_builder="x",
            audience="public",
        )
    assert not Record.objects.exists()


def test_a_made_document_is_final(made: Record) -> None:
    for column in ("title", "sha256", "ledger_number", "audience"):
        with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
            Record._base_manager.filter(pk=made.pk).update(**{column: "77"})


def test_documents_are_found_by_what_they_are_about(made: Record) -> None:
    assert list(selectors.records_about(Organisation.objects.get(pk=made.subject_id))) == [made]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/x.png",
        "package:/../models.py",
        "data:image/png,x",
    ],
)
def test_a_document_reads_nothing_from_outside(address: str) -> None:
    with pytest.raises(NotPrinted, match="A document may not refer to"):
        print_signed(order_of(f'<img alt="x" src="{address}">'))


def order_of(text: str) -> Order:
    signing = signing_in_use()
    html = f'<html lang="en"><title>t</title><body>{text}'
    return Order(html=html, attachments=(), certificate=signing.certificate, key=signing.key, reason="None")


def test_a_process_that_has_ended_is_followed_by_another() -> None:
    assert print_signed(order_of("first")).startswith(b"%PDF-")
    assert printing._running is not None
    printing._running.kill()
    assert print_signed(order_of("second")).startswith(b"%PDF-")


def test_the_process_knows_no_secret_of_ours() -> None:
    print_signed(order_of("any"))
    assert printing._running is not None
    known = Path(f"/proc/{printing._running.pid}/environ").read_bytes()
    assert b"SMKI_" not in known


def test_text_is_escaped(made: Record, tmp_path: Path) -> None:
    file = tmp_path / "decision.pdf"
    file.write_bytes(store.read_verified(made.sha256))
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "<script>alert(1)</script> naïvely" in text
    assert f"entry {made.ledger_number} of the ledger" in text.replace("\n", " ")


def test_one_document_of_a_kind_for_each_act() -> None:
    first = decide()
    again = Record(**{f.attname: getattr(first, f.attname) for f in Record._meta.fields if f.name != "id"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Record._base_manager.bulk_create([again])
