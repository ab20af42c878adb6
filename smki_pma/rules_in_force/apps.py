from django.apps import AppConfig


class RulesInForceConfig(AppConfig):
    name = "smki_pma.rules_in_force"
    label = "rules_in_force"
    verbose_name = "Rules in force"

    def ready(self) -> None:
        from smki_pma.calendar.working_days import use_extra_days
        from smki_pma.rules_in_force import guards  # noqa: F401
        from smki_pma.rules_in_force.selectors import extra_non_working_days

        use_extra_days(extra_non_working_days)
