"""Run by the peer's own Python (see django_ca.py): how many Device Certificates create_cert() makes a second.

_django_ca_peer.py FOLDER DATABASE_URL REQUESTS: the file holds requests in DER, each behind two octets of length.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

urlpatterns: list[Any] = []


def configure(folder: Path, url: str) -> None:
    from django.conf import settings

    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "peer.sqlite3",
        # As ours has it.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
    }
    if url:
        parts = urlsplit(url)
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": parts.username,
            "HOST": unquote(parts.hostname or ""),
        }
    settings.configure(
        SECRET_KEY="of the bench",
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_ca"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        CA_USE_CELERY=False,
        CA_DEFAULT_HOSTNAME="peer.example",
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "django-ca": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder / "ca")},
            },
        },
    )
    import django
    from django.core.management import call_command

    django.setup()
    from django.urls import include, path

    urlpatterns.append(path("ca/", include("django_ca.urls")))
    call_command("migrate", verbosity=0)


def requests(file: Path) -> list[x509.CertificateSigningRequest]:
    content, place, found = file.read_bytes(), 0, []
    while place < len(content):
        end = place + 2 + int.from_bytes(content[place : place + 2], "big")
        found.append(x509.load_der_x509_csr(content[place + 2 : end]))
        place = end
    return found


def rate(csrs: list[x509.CertificateSigningRequest]) -> float:
    """One transaction for each, as create_cert is called; nothing is checked or kept beyond what it does."""
    from django_ca.key_backends import key_backends
    from django_ca.key_backends.storages.models import (
        StoragesCreatePrivateKeyOptions,
        StoragesUsePrivateKeyOptions,
    )
    from django_ca.models import Certificate, CertificateAuthority

    backend = key_backends["default"]
    options = StoragesUsePrivateKeyOptions(password=None)

    def authority(name: str, parent: CertificateAuthority | None) -> CertificateAuthority:
        return CertificateAuthority.objects.init(
            name,
            backend,
            StoragesCreatePrivateKeyOptions(key_type="EC", password=None, path=Path("ca")),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            datetime.now(UTC) + timedelta(days=3650),
            algorithm=hashes.SHA256(),
            key_type="EC",
            parent=parent,
            use_parent_private_key_options=options if parent else None,
            path_length=None if parent is None else 0,
        )

    issuing = authority("issuing", authority("root", None))
    for csr in csrs[:20]:
        _create(Certificate, issuing, options, csr)
    began = time.perf_counter()
    for csr in csrs[20:]:
        _create(Certificate, issuing, options, csr)
    return (len(csrs) - 20) / (time.perf_counter() - began)


def _create(model: object, issuing: object, options: object, csr: x509.CertificateSigningRequest) -> None:
    wanted = {each.oid: each for each in csr.extensions}
    policies = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), None)]
    )
    usage = wanted[x509.ExtensionOID.KEY_USAGE]
    name = wanted[x509.ExtensionOID.SUBJECT_ALTERNATIVE_NAME]
    extensions = [
        x509.Extension(usage.oid, True, usage.value),
        x509.Extension(name.oid, True, name.value),
        x509.Extension(policies.oid, True, policies),
    ]
    model.objects.create_cert(  # type: ignore[attr-defined]
        issuing,
        options,
        csr,
        subject=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device")]),
        extensions=extensions,
        add_crl_url=False,
        add_ocsp_url=False,
        add_issuer_url=False,
    )


if __name__ == "__main__":
    configure(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write(f"{rate(requests(Path(sys.argv[3])))}\n")
