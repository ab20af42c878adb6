"""One target, in a process that the fuzzer takes over: python -m tests.fuzz.one NAME SECONDS FOLDER."""

import sys
from pathlib import Path

import atheris
import django

with atheris.instrument_imports(include=["certification"]):
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings.test")
    django.setup()
    from tests.fuzz.targets import TARGETS

LONGEST_INPUT_SECONDS = 20


def main() -> None:
    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    target = TARGETS[name]
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (seeds / str(number)).write_bytes(seed)
    learnt = folder / "learnt"
    learnt.mkdir(exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.longest}",
        f"-timeout={LONGEST_INPUT_SECONDS}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(learnt), str(seeds)], target.run)
    atheris.Fuzz()


main()
