"""The profile that the environment names, with the probe."""

from smki_pma.settings import *
from smki_pma.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.probe.apps.ProbeConfig"]
