"""The tables of the ledger. All are append-only, by trigger (guards.py) and by grant in production."""

from django.db import models

AUDIENCES = ("public", "parties", "pma", "cps", "dcc", "party")


class Entry(models.Model):
    """One leaf of the ledger: a commitment to what it says, nothing more. number: the leaf index, from 0."""

    number = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField(db_index=True)
    commitment = models.BinaryField(max_length=32)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"Entry {self.number}"

    @property
    def commitment_text(self) -> str:
        return bytes(self.commitment).hex()

    @property
    def leaf_hash_text(self) -> str:
        return bytes(self.leaf_hash).hex()


class EntryText(models.Model):
    """What an entry says, with the salt of its commitment. Erasing a row leaves every proof whole.

    content is the canonical JSON that the commitment covers; the other columns repeat it for searching
    and are checked against it by `verify_ledger`.
    """

    number = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    content = models.TextField()
    recorded_at = models.DateTimeField()
    act_id = models.UUIDField(unique=True)
    event = models.CharField(max_length=100)
    clause = models.CharField(max_length=40)
    audience = models.CharField(max_length=10, choices=[(name, name) for name in AUDIENCES])
    party_id = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["event", "number"], name="text_by_event"),
            models.Index(fields=["clause", "number"], name="text_by_clause"),
            models.Index(fields=["subject_type", "subject_id", "number"], name="text_by_subject"),
            models.Index(fields=["audience", "number"], name="text_by_audience"),
        ]

    def __str__(self) -> str:
        return f"Text of entry {self.number}"

    @property
    def salt_text(self) -> str:
        return bytes(self.salt).hex()


class Node(models.Model):
    """The root of one perfect subtree of one log (tree.py)."""

    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.CharField(max_length=20)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.log} node {self.level}/{self.index}"


class AccessLog(models.Model):
    """One read that had to be logged. number: its leaf index in the access log."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    act_id = models.UUIDField()
    person_id = models.UUIDField(null=True, db_index=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=60)
    for_party_id = models.UUIDField(null=True)
    for_name = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100)
    purpose = models.TextField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "number"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"Read {self.number}"


class SigningKey(models.Model):
    """A public key of the logs. It is valid from its own row's size and time until the next row's."""

    key_id = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the public key")
    public_key = models.BinaryField(max_length=32)
    valid_from_at = models.DateTimeField()
    valid_from_size = models.BigIntegerField(help_text="size of the ledger when the key came into use")
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"Key {self.key_id[:16]}"


class Checkpoint(models.Model):
    """One signed tree head, in the form of C2SP tlog-checkpoint."""

    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    key_id = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "size", "key_id"], name="one_checkpoint_per_size_and_key")
        ]

    def __str__(self) -> str:
        return f"Checkpoint of {self.log} at {self.size}"
