"""Row history carries the act that changed the row, so that it can be matched with the ledger."""

from typing import Any

from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from smki_pma.calendar import clock
from smki_pma.ledger.gate import current_act_id, current_actor


@receiver(pre_create_historical_record)
def carry_act(sender: object, *, history_instance: Any, **kwargs: object) -> None:
    """Fill in when, by which act and by whom; a page request is not needed."""
    history_instance.history_date = clock.now()
    act_id, actor = current_act_id(), current_actor()
    if act_id is not None:
        history_instance.history_change_reason = str(act_id)
    if actor is not None and hasattr(history_instance, "history_user_id"):
        history_instance.history_user_id = actor.person_id
