"""From a template to a signed PDF/A-3a."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from smki_pma.records.attachments import Attached
from smki_pma.records.document_key import Signing

RESOURCES = files("smki_pma.records") / "resources"
SCHEME = "package:/"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
FIELD = "PMA"


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


def render(template: str, context: Mapping[str, Any], attachments: Sequence[Attached] = ()) -> bytes:
    """The template as PDF/A-3a (tagged, fonts embedded) with the files inside."""
    html = HTML(
        string=render_to_string(template, dict(context)),
        base_url=SCHEME,
        url_fetcher=PackageFetcher(),
    )
    inside = [
        Attachment(
            file_obj=BytesIO(file.content),
            name=file.name,
            description=file.description,
            relationship=file.relationship,
        )
        for file in attachments
    ]
    content: bytes = html.write_pdf(pdf_variant="pdf/a-3a", attachments=inside)
    return content


def sign(pdf: bytes, signing: Signing, *, reason: str) -> bytes:
    """The PDF with the PMA's certifying signature: any later change is visible."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(signing.certificate)
    signer = SimpleSigner(signing.certificate, signing.key, store)
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
