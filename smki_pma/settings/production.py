"""Production: everything from the environment."""

import dj_database_url

from smki_pma.settings.base import *  # noqa: F403
from smki_pma.settings.base import ENVIRONMENT

DATABASES = {"default": dj_database_url.parse(ENVIRONMENT.database_url)}
SMKI_SAMPLE_COMMUNITY = False
