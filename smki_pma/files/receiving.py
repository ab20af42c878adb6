"""Taking an upload in: size, content and text are checked first, then the bytes are stored."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from smki_pma.files import store
from smki_pma.files.inspect import check_size
from smki_pma.files.isolated import inspect_and_read
from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile

ACCEPT = ".pdf,.docx,.odt"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was accepted and stored. text: one paragraph or printed line a line."""

    sha256: str
    size: int
    kind: FileKind
    text: str


def receive(data: bytes, *, max_megabytes: int = 50) -> ReceivedFile:
    """Check and store a file; raises RefusedFile with the reason. Slow: call it outside a transaction."""
    inspected = inspect_and_read(data, max_megabytes=max_megabytes)
    stored = store.put(data)
    return ReceivedFile(sha256=stored.sha256, size=stored.size, kind=inspected.kind, text=inspected.text)


class DocumentFileField(forms.FileField):
    """A form field whose cleaned value is a ReceivedFile. The file's own name is never kept."""

    default_error_messages = {
        "required": "Choose a file.",
        "empty": "The file is empty. Check that it opens on your computer and choose it again.",
    }

    def __init__(self, *, max_megabytes: int = 50, **options: object) -> None:
        self.max_megabytes = max_megabytes
        options.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPT}))
        super().__init__(**options)  # type: ignore[arg-type]

    def limit_to(self, megabytes: int) -> None:
        """Take nothing larger, and say so beside the field."""
        self.max_megabytes = megabytes
        self.help_text = f"PDF, Word (DOCX) or OpenDocument text (ODT), up to {megabytes} MB."

    def clean(self, data: Any, initial: Any = None) -> ReceivedFile | None:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            check_size(upload.size or 0, max_megabytes=self.max_megabytes)
            return receive(upload.read(), max_megabytes=self.max_megabytes)
        except RefusedFile as refusal:
            raise forms.ValidationError(refusal.message, code="refused") from refusal
