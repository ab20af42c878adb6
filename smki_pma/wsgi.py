"""The web role's entry point."""

import os

from django.core.wsgi import get_wsgi_application

from smki_pma.deploy.bodies import TakenIn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings")
os.environ.setdefault("SMKI_PROCESS", "web")

application = TakenIn(get_wsgi_application())

from smki_pma.deploy.start import refuse_unsafe_start  # noqa: E402  after Django is set up

refuse_unsafe_start()
