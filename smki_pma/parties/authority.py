"""Who may act: every act rests on an office held at that moment, or on a carried resolution."""

from datetime import datetime
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role


def holdings_of(person: Person, *, at: datetime | None = None) -> list[Holding]:
    """The person's holdings in effect at a moment (now by default), seats first."""
    found = Holding.objects.in_effect(at or clock.now()).filter(person=person)
    return list(
        found.select_related("office", "party__organisation", "for_holding__office").order_by(
            "office__position"
        )
    )


def roles_of(person: Person, *, at: datetime | None = None) -> frozenset[Role]:
    """The roles that the person has at a moment (now by default)."""
    held = Holding.objects.in_effect(at or clock.now()).filter(person=person)
    return frozenset(Role(role) for role in held.values_list("office__role", flat=True))


def actor_for(holding: Holding, person: Person) -> Actor:
    """The Actor that a holding in effect makes of its holder."""
    if holding.for_holding is not None:
        acted_for = holding.for_holding.office.title
    elif holding.party is not None:
        acted_for = holding.party.organisation.name
    else:
        acted_for = holding.office.title
    return Actor(
        person_id=person.pk,
        name=person.name,
        role=holding.role.value,
        holding_id=holding.pk,
        for_party_id=holding.party_id,
        for_name=acted_for,
    )


def choose_holding(holdings: list[Holding], *roles: Role, party_id: UUID | None = None) -> Holding | None:
    """The first holding, in the order of `roles`, and of the Party if one is named."""
    for role in roles:
        for holding in holdings:
            if holding.role is role and party_id in (None, holding.party_id):
                return holding
    return None


def acting_as(
    person: Person, *roles: Role, clause: str, at: datetime | None = None, party_id: UUID | None = None
) -> Actor:
    """The Actor for the first of `roles` that the person holds; NotEntitled, citing `clause`, if none."""
    holding = choose_holding(holdings_of(person, at=at), *roles, party_id=party_id)
    if holding is None:
        raise refusal(*roles, clause=clause)
    return actor_for(holding, person)


def refusal(*roles: Role, clause: str) -> NotEntitled:
    """The refusal that names who may do it."""
    names = " or ".join(role.title for role in roles)
    return NotEntitled(f"Only the {names} may do this, and you do not hold that office now.", clause=clause)


def require(by: Actor, *roles: Role | str, clause: str, at: datetime | None = None) -> Holding | None:
    """Check in a service that `by` really holds, at the moment, the office that it claims.

    Returns the holding. "owner" and "clock" (see ledger.actors) may stand among `roles` for acts of the
    command line and of the schedule, which have none. Raises NotEntitled, citing `clause`.
    """
    if by.role in ("owner", "clock") and by.role in roles:
        return None
    if by.role not in roles or by.holding_id is None or by.person_id is None:
        raise refusal(*(role for role in roles if isinstance(role, Role)), clause=clause)
    moment = at or clock.now()
    holding = (
        Holding.objects.in_effect(moment)
        .filter(pk=by.holding_id, person_id=by.person_id, office__role=by.role)
        .select_related("office", "party__organisation", "for_holding__office")
        .first()
    )
    if holding is None:
        raise NotEntitled("The office that you acted in has ended. Sign in again.", clause=clause)
    return holding


def require_resolution(by: Actor, *, clause: str) -> UUID:
    """Check that the PMA acts as a body: by a carried resolution and nothing else. Returns the resolution's id."""
    if by.role != "pma" or by.resolution_id is None:
        raise NotEntitled("Only the SMKI PMA can do this, by a carried resolution.", clause=clause)
    return by.resolution_id
