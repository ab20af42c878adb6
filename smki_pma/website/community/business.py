"""What is in hand in the sample community: subscribers, Authorities, a lodged policy, a convened meeting."""


def enter_business() -> None:
    """Nothing of the main story has happened yet."""
