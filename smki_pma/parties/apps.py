from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "smki_pma.parties"
    label = "parties"

    def ready(self) -> None:
        from smki_pma.ledger.guards import reference_rows
        from smki_pma.parties import guards  # noqa: F401
        from smki_pma.parties.reference import put_offices

        reference_rows(put_offices)
