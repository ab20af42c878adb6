"""Production: everything from the environment. smki_pma.deploy.start refuses to start what is unsafe."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from smki_pma.settings.base import *
from smki_pma.settings.base import ENVIRONMENT, STORAGES
from smki_pma.settings.outside import object_storage, outgoing_mail


def _needed(name: str) -> str:
    value: str = getattr(ENVIRONMENT, name).get_secret_value()
    if not value:
        raise ImproperlyConfigured(f"Production needs SMKI_{name.upper()}.")
    return value


SECRET_KEY = _needed("secret_key")
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(_needed("database_url"), conn_max_age=60, conn_health_checks=True)
}
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _needed("cache_url"),
        "OPTIONS": {"serializer": "smki_pma.settings.caching.JsonSerializer"},
    }
}
# The interface's limits hold across web processes and hosts.
CACHES["limits"] = CACHES["default"]
CELERY_BROKER_URL = _needed("broker_url")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 2}

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url.rstrip("/")]
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# One nginx in front; without the count everybody would share its address in the sign-in limits.
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies

STORAGES = STORAGES | object_storage(ENVIRONMENT)
if mail := outgoing_mail(ENVIRONMENT.email_url):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = mail.host
    EMAIL_PORT = mail.port
    EMAIL_HOST_USER = mail.user
    EMAIL_HOST_PASSWORD = mail.password
    EMAIL_USE_SSL = mail.tls
    EMAIL_USE_TLS = mail.starttls
    EMAIL_TIMEOUT = 20
