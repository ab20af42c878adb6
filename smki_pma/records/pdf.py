"""From HTML to a signed PDF/A-3a. python -m smki_pma.records.pdf does it for another process (printing.py).

Nothing of Django here: the tools for PDF take 60 MB, and the process that has them lives only while it is asked.
"""

import select
import sys
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from smki_pma.records.orders import Attached, Order, read_frame, write_frame

RESOURCES = files("smki_pma.records") / "resources"
SCHEME = "package:/"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
FIELD = "PMA"
IDLE_SECONDS = 5


class PackageFetcher(URLFetcher):  # type: ignore[misc]
    """Gives a document this package's own resources and nothing else: no network, no file of the machine."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The resource. Raises FatalURLFetchingError, which stops the rendering, for everything else."""
        name = url.removeprefix(SCHEME)
        suffix = name[name.rfind(".") :]
        if name == url or "/" in name or suffix not in TYPES:
            raise FatalURLFetchingError(f"A document may not refer to {url[:200]}.")
        content = (RESOURCES / name).read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": TYPES[suffix]})


def render(html: str, attachments: Sequence[Attached] = ()) -> bytes:
    """The text as PDF/A-3a (tagged, fonts embedded) with the files inside."""
    document = HTML(string=html, base_url=SCHEME, url_fetcher=PackageFetcher())
    inside = [
        Attachment(
            file_obj=BytesIO(file.content),
            name=file.name,
            description=file.description,
            relationship=file.relationship,
        )
        for file in attachments
    ]
    content: bytes = document.write_pdf(pdf_variant="pdf/a-3a", attachments=inside)
    return content


def sign(pdf: bytes, *, certificate: bytes, key: bytes, reason: str) -> bytes:
    """The PDF with the PMA's certifying signature: any later change is visible.

    certificate, key: DER, the key as PKCS#8.
    """
    signed_by = asn1_x509.Certificate.load(certificate)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(signed_by)
    signer = SimpleSigner(signed_by, asn1_keys.PrivateKeyInfo.load(key), store)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        name="SMKI PMA",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # Out of the page, yet not empty, and with words: what readers of tagged PDF ask of an unseen field.
    field = SigFieldSpec(
        FIELD,
        readable_field_name="Signature of the SMKI PMA",
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
    )
    output = BytesIO()
    sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer, new_field_spec=field, output=output
    )
    return output.getvalue()


def fill(order: Order) -> bytes:
    """The signed document that is asked for."""
    pdf = render(order.html, order.attachments)
    return sign(pdf, certificate=order.certificate, key=order.key, reason=order.reason)


def main() -> None:
    """Fill orders from standard input until there is no more, or none comes for a while."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([orders], [], [], IDLE_SECONDS)[0]:
        order = read_frame(orders)
        if order is None:
            return
        try:
            answer = b"+" + fill(Order.load(order))
        except (Exception, FatalURLFetchingError) as error:  # the latter is no Exception
            answer = b"-" + f"{type(error).__name__}: {error}"[:500].encode()
        write_frame(answers, answer)


if __name__ == "__main__":
    main()
