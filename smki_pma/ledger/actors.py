"""Who acts, as plain data that a service receives and an entry keeps."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in an office or role, or the PMA as a body. It claims; services check.

    role: the role acted in, or "clock" (a scheduled act), "owner" (the command line), "pma" (a resolution).
    holding_id: the office held that empowers the act. for_party_id, for_name: the Party or seat acted for.
    """

    person_id: UUID | None
    name: str
    role: str
    holding_id: UUID | None = None
    for_party_id: UUID | None = None
    for_name: str = ""
    resolution_id: UUID | None = None
    resolution_ref: str = ""

    @classmethod
    def clock(cls) -> Self:
        """The system itself, doing what falls due."""
        return cls(person_id=None, name="Scheduled act", role="clock")

    @classmethod
    def owner(cls, name: str) -> Self:
        """Somebody at the command line of the machine."""
        return cls(person_id=None, name=name, role="owner")

    @classmethod
    def pma(cls, resolution_id: UUID, ref: str, closed_by: "Actor") -> Self:
        """The PMA as a body, by a carried resolution, whose vote that person closed."""
        return cls(
            person_id=closed_by.person_id,
            name="SMKI PMA",
            role="pma",
            holding_id=closed_by.holding_id,
            for_name=closed_by.name,
            resolution_id=resolution_id,
            resolution_ref=ref,
        )

    def as_facts(self) -> dict[str, str | None]:
        """The fields as an entry keeps them."""
        return {
            "for": self.for_name,
            "for_party": _text(self.for_party_id),
            "holding": _text(self.holding_id),
            "name": self.name,
            "person": _text(self.person_id),
            "resolution": _text(self.resolution_id),
            "resolution_ref": self.resolution_ref,
            "role": str(self.role),
        }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
