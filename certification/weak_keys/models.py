"""Public keys that nobody may have certified, for their private keys are known or can be computed."""

from django.db import models

from smki_pma.ledger.gate import GovernedModel


class WeakKeyList(GovernedModel):
    """One file that was loaded: whose list it is, and the SHA-256 of its bytes."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    source = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Known weak keys of {self.source}"


class KnownWeakKey(GovernedModel):
    """The SHA-256 of the SubjectPublicKeyInfo of one weak key, and the list that named it first."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    listed_in = models.ForeignKey(WeakKeyList, on_delete=models.PROTECT, related_name="keys", db_index=False)
    id = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return bytes(self.digest).hex()
