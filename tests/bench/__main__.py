"""python -m tests.bench [name]: every bench, or the one of that module, as JSON lines.

A bench is a module of this folder with `measure()`, which yields the lines:
{"bench": what was measured, "value": number, "unit": of what, "ratio": to the limit or peer of the same run}.
"""

import importlib
import json
import sys
from pathlib import Path


def main() -> int:
    known = sorted(f.stem for f in Path(__file__).parent.glob("*.py") if not f.stem.startswith("_"))
    wanted = sys.argv[1:] or known
    if unknown := set(wanted) - set(known):
        print(
            f"No bench is called {', '.join(sorted(unknown))}: there are {', '.join(known)}.", file=sys.stderr
        )
        return 1
    for name in wanted:
        for line in importlib.import_module(f"tests.bench.{name}").measure():
            print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
