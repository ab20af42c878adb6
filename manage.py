#!/usr/bin/env python3
"""Django's command line for the SMKI PMA's system."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings")
    from smki_pma.deploy import secret_files

    secret_files.use_for_commands()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
