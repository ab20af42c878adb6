"""What is in hand in the sample community: subscribers, Authorities, a lodged policy, a convened meeting."""

from certification.authorities.sample_authorities import create_sample_authorities
from smki_pma.website.community.subscribers import enter_subscribers


def enter_business() -> None:
    """Nothing of the main story has happened yet."""
    enter_subscribers()
    create_sample_authorities()
