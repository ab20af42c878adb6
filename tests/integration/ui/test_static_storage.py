"""The static files under the names that production gives them."""

import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings


def test_every_address_in_the_style_survives_hashed_names(tmp_path: Path, settings: Any) -> None:
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    [style] = tmp_path.glob("css/application.????????????.css")
    urls = re.findall(r"url\(\"?([^\")]*)\"?\)", style.read_text(encoding="utf-8"))
    assert urls
    for url in urls:
        assert re.search(r"\.[0-9a-f]{12}\.svg$", url)
        assert (style.parent / url).is_file()


def test_sources_and_packages_are_not_served(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = [path.name for path in tmp_path.rglob("*")]
    assert "application.css" in names
    assert not {"package.json", "build.mjs", "node_modules", "application.scss"} & set(names)
