"""Why a file is refused. Every reason is a sentence that says what to do."""


class RefusedFile(Exception):
    """An uploaded file that cannot be taken, with the reason for the person who sent it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def refuse_broken(title: str) -> RefusedFile:
    """The refusal of a file that cannot be read as what it claims to be."""
    return RefusedFile(
        f"The file is a broken {title} and cannot be read. Export it again and upload the new file."
    )
