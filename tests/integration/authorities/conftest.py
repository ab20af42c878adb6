"""Operators of DCC and a key folder of the test's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from certification.authorities.models import Authority, Ceremony
from certification.authorities.planning import plan_arl, plan_ceremony, plan_roll_over
from certification.authorities.services import approve_ceremony
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from tests.samples.certification import NAMES, use_keys_in
from tests.samples.community import actor, party, person_in


@dataclass
class Operators:
    first: Person
    second: Person
    registrar: Person

    def by(self, person: Person, role: Role = Role.DCC_CA_OPERATOR) -> Actor:
        return actor(person, role)

    def plan(self, **changes: Any) -> Ceremony:
        given = {
            "environment": "live",
            "names": NAMES,
            "witnesses": ["Wilma Witness"],
            "by": self.by(self.first),
        }
        return plan_ceremony(**(given | changes))

    def approve(self, ceremony: Ceremony, person: Person, **changes: Any) -> Ceremony:
        given = {"ceremony_id": ceremony.pk, "script_sha256": ceremony.script_sha256, "by": self.by(person)}
        return approve_ceremony(**(given | changes))

    def approved(self, planned: Ceremony | None = None) -> Ceremony:
        """Approved by both; the ceremony that makes the four Authorities if none is given."""
        ceremony = planned or self.plan()
        self.approve(ceremony, self.first)
        return self.approve(ceremony, self.second)

    def roll_over(self, authority: Authority, name: str, **changes: Any) -> Ceremony:
        given = {
            "authority_id": authority.pk,
            "name": name,
            "witnesses": ["Wilma"],
            "by": self.by(self.first),
        }
        return plan_roll_over(**(given | changes))

    def arl(self, root: Authority, **changes: Any) -> Ceremony:
        given = {"root_id": root.pk, "witnesses": ["Wilma"], "by": self.by(self.first)}
        return plan_arl(**(given | changes))


@pytest.fixture
def operators(db: None) -> Operators:
    dcc = party("DCC", "dcc", tests_confirmed=False)
    return Operators(
        first=person_in("dcc-ca-operator", "Olga Operator", for_party=dcc),
        second=person_in("dcc-ca-operator", "Otto Operator", for_party=dcc),
        registrar=person_in("dcc-ra-officer", "Rob Registrar", for_party=dcc),
    )


@pytest.fixture
def keys(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process may hold CA keys, as a worker may; gives their folder."""
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", "a passphrase of the tests only")
    use_keys_in(settings, tmp_path / "keys")
    return tmp_path / "keys"
