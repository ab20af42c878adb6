"""What the Repository holds of L5.1(a) to (d), (j) and (k), in the words and codes of its interface."""

from django.db import models


class CertificateKind(models.TextChoices):
    """The six profiles of Certificate."""

    ROOT_DCA = "root_dca", "Root DCA"
    ISSUING_DCA = "issuing_dca", "Issuing DCA"
    ROOT_OCA = "root_oca", "Root OCA"
    ISSUING_OCA = "issuing_oca", "Issuing OCA"
    DEVICE = "device", "Device"
    ORGANISATION = "organisation", "Organisation"


AUTHORITY_KINDS = (
    CertificateKind.ROOT_DCA,
    CertificateKind.ISSUING_DCA,
    CertificateKind.ROOT_OCA,
    CertificateKind.ISSUING_OCA,
)


class Usage(models.TextChoices):
    """What the key in a Certificate is for."""

    DIGITAL_SIGNATURE = "DS", "Digital signature"
    KEY_AGREEMENT = "KA", "Key agreement"
    CERTIFICATE_SIGNING = "CA", "Certificate signing"


class Status(models.TextChoices):
    """Certificate status as the repository interface codes it. Expired is read from the clock, never stored."""

    PENDING = "P", "Pending"
    IN_USE = "I", "In use"
    NOT_IN_USE = "N", "Not in use"
    EXPIRED = "E", "Expired"
    REVOKED = "R", "Revoked"


STORED_STATUSES = (Status.PENDING, Status.IN_USE, Status.NOT_IN_USE, Status.REVOKED)


class ListKind(models.TextChoices):
    """The two lists of revoked Certificates."""

    CRL = "crl", "Certificate Revocation List"
    ARL = "arl", "Authority Revocation List"
