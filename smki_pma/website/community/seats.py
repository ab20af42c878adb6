"""The seats of the SMKI PMA and their Alternates in the sample community."""


def enter_seats() -> None:
    """The seven seats, each with its Member Confirmation but one, and two Alternates."""
