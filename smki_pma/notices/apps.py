from typing import Any

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "smki_pma.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from smki_pma.notices.models import Delivery
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        def unread(request: Any) -> int:
            return Delivery.objects.filter(person=request.user, read_at__isnull=True).count()

        register_navigation(
            NavigationItem(
                label="Inbox",
                url_name="notices:list_notices",
                order=15,
                signed_in=True,
                count=unread,
                counted="unread",
            )
        )
