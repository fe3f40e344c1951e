#!/usr/bin/env python
"""Django's door: `./run manage …` calls it with the project's own environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
    execute_from_command_line(sys.argv)
