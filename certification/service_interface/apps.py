from django.apps import AppConfig


class ServiceInterfaceConfig(AppConfig):
    name = "certification.service_interface"
    label = "service_interface"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.requests.entitlement import register_test_access
        from certification.service_interface import guards, navigation  # noqa: F401
        from certification.service_interface.selectors import has_test_access

        register_test_access(has_test_access)
