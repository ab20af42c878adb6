"""What the TLS front guards: EST and the JSON interface."""

from certification.service_interface.machine.urls import urlpatterns

__all__ = ["urlpatterns"]
