from typing import Any

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "smki_pma.parties"
    label = "parties"

    def ready(self) -> None:
        from smki_pma.ledger.guards import reference_rows
        from smki_pma.ledger.readers import register_reader_audiences
        from smki_pma.parties import (
            checks,  # noqa: F401
            guards,  # noqa: F401
        )
        from smki_pma.parties.ledger_readers import ledger_audiences
        from smki_pma.parties.reference import put_offices
        from smki_pma.parties.roles import Role
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        reference_rows(put_offices)
        register_reader_audiences(ledger_audiences)

        def sees(request: Any) -> bool:
            return bool(request.roles & {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.PANEL_OFFICER})

        register_navigation(
            NavigationItem(
                label="Community",
                url_name="parties:list_histories",
                order=70,
                roles=frozenset({Role.AUDITOR}),
                visible=lambda request: not sees(request),
            )
        )
        register_navigation(
            NavigationItem(
                label="Community", url_name="parties:list_people", order=80, signed_in=True, visible=sees
            )
        )
