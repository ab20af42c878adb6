"""Which questions the Secretariat is offered first on an item about a draft."""

import pytest
from django.template import Context, Template

from repository.drafts.cps import Cps
from smki_pma.governance.meetings.forms import MotionForm, motions_for
from smki_pma.governance.meetings.models import Item, Meeting
from tests.samples.cps import Story

pytestmark = pytest.mark.django_db


def test_what_decides_on_the_draft_comes_first_and_the_rest_under_other_questions(people):
    draft = Story(people, Cps.DEVICE).submit()
    item = Item(meeting=Meeting(), subject_model="drafts.Draft", subject_id=draft.pk, confidential=True)

    fitting, others = motions_for(item)

    first = [kind.key for kind in fitting]
    assert f"{Cps.DEVICE.motion_prefix}.approve_draft" in first and first[-1] == "pma.resolve"
    rest = [kind.key for kind in others]
    assert "rules.change" in rest
    assert not [key for key in first if key.startswith(Cps.ORGANISATION.motion_prefix + ".")]
    assert f"{Cps.DEVICE.motion_prefix}.decide_amendment" in rest
    page = Template("{{ form }}").render(Context({"form": MotionForm(item=item)}))
    assert page.index("Approve the draft") < page.index("Other questions") < page.index("Change a house rule")


def test_an_item_about_nothing_offers_a_kind_only_once_it_has_something_to_decide(people):
    item = Item(meeting=Meeting(), confidential=True)
    key = f"{Cps.DEVICE.motion_prefix}.approve_draft"
    assert key not in [kind.key for kind in motions_for(item)[0]]

    Story(people, Cps.DEVICE).submit()

    fitting, others = motions_for(item)
    assert key in [kind.key for kind in fitting] and others == []
    assert key not in [kind.key for kind in motions_for(Item(meeting=Meeting()))[0]]
