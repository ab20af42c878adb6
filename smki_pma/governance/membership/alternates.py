"""Appointing and withdrawing an Alternate (L1.12, C5.19)."""

from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.membership import rules
from smki_pma.governance.membership.seats import BY_KEY, SeatKind
from smki_pma.governance.membership.selectors import corporate_groups, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding, Office, Person
from smki_pma.parties.roles import PMA_MEMBERS, Role


def end_alternates_of(holding: Holding) -> None:
    """An Alternate ceases when the appointing member does; part of the calling act (C5.19)."""
    for alternate in Holding.objects.filter(for_holding=holding):
        if alternate.ends_at is None or (holding.ends_at is not None and alternate.ends_at > holding.ends_at):
            alternate.ends_at = max(holding.ends_at or clock.now(), alternate.starts_at)
            alternate.ended_reason = "The appointing member's term ended"
            alternate.save()


def check_employers(member: Holding, alternate: Person) -> None:
    """Member and Alternate have different employers, also today if they had at the appointment (L1.12(c))."""
    rules.check_alternate(_case(member, alternate))


def _case(member: Holding, alternate: Person) -> rules.AlternateCase:
    seats = seats_at()
    others = [h for s in seats for h in s.alternates if h.for_holding_id not in (None, member.pk)]
    return rules.AlternateCase(
        seat=BY_KEY[member.office.key],
        member_id=member.person_id,
        member_employer=member.person.employer_id,
        alternate_id=alternate.pk,
        alternate_employer=alternate.employer_id,
        parents=corporate_groups(),
        member_ids=frozenset(s.holding.person_id for s in seats if s.holding is not None),
        taken=frozenset(h.person_id for h in others),
    )


@service
def appoint_alternate(
    *, person_id: UUID, by: Actor, specialist_unavailable: str = "", independence: str = ""
) -> Holding:
    """A member names an Alternate; the Chair only where the Specialist is unavailable (L1.12)."""
    member = require(by, *PMA_MEMBERS, clause="L1.12")
    if member is None:
        raise NotEntitled("Only an SMKI PMA Member appoints an Alternate.", clause="L1.12")
    office = Office.objects.select_for_update().get(key="alternate")
    now = clock.now()
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise RuleViolation("Choose a person who is on the register.", clause="C5.19", field="person")
    is_chair = BY_KEY[member.office.key].kind is SeatKind.CHAIR
    if is_chair:
        rules.check_other_alternate_of_chair(
            specialist_unavailable=specialist_unavailable, independence=independence
        )
    rules.check_alternate(_case(member, person))
    if Holding.objects.at(now).filter(for_holding=member).exists():
        raise RuleViolation(
            "You have an Alternate. Withdraw that appointment before you name another.", clause="C5.19"
        )
    ground = (
        f"Specialist unavailable: {specialist_unavailable}. Independent: {independence}" if is_chair else ""
    )
    alternate = Holding(
        office=office,
        person=person,
        for_holding=member,
        starts_at=now,
        ends_at=member.ends_at,
        appointed_by=member.person.name,
        ground=ground,
    )
    alternate.save()
    _tell(alternate, member)
    facts = {"seat": member.office.key, "alternate": person.name, "ground": ground}
    clause = "L1.12(b)" if is_chair else "C5.19"
    record("alternate.appointed", clause=clause, by=by, subject=alternate, facts=facts, audience="public")
    return alternate


def _tell(alternate: Holding, member: Holding) -> None:
    send_notice(
        clause="C5.19",
        subject=f"You are the Alternate for the {member.office.title}",
        body=(
            f"{member.person.name} has named you. You act in that member's place once the member has sent apologies "
            "for a meeting, or while you are recorded as present in the seat; you vote only while present."
        ),
        people=[alternate.person],
        url="/members/",
    )


@service
def withdraw_alternate(*, holding_id: UUID, by: Actor) -> Holding:
    """A member takes back the appointment of his or her Alternate (C5.19)."""
    member = require(by, *PMA_MEMBERS, clause="C5.19")
    found = Holding.objects.select_for_update(of=("self",)).select_related("person", "office")
    alternate = found.filter(pk=holding_id, office__role=Role.ALTERNATE).first()
    if alternate is None or member is None or alternate.for_holding_id != member.pk:
        raise NotEntitled("You can withdraw only the Alternate whom you appointed.", clause="C5.19")
    now = clock.now()
    if alternate.ends_at is not None and alternate.ends_at <= now:
        raise RuleViolation("This appointment has ended already.", clause="C5.19")
    alternate.ends_at = now
    alternate.ended_reason = "Withdrawn by the appointing member"
    alternate.save()
    facts = {"seat": member.office.key, "alternate": alternate.person.name}
    record("alternate.withdrawn", clause="C5.19", by=by, subject=alternate, facts=facts, audience="public")
    return alternate
