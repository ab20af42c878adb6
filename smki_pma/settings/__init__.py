"""The settings of the profile that SMKI_PROFILE names: embedded (default), production or test."""

from smki_pma.settings.environment import Environment

match Environment().profile:
    case "production":
        from smki_pma.settings.production import *
    case "test":
        from smki_pma.settings.test import *
    case _:
        from smki_pma.settings.embedded import *
