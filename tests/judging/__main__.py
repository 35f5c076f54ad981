"""Writes `cases.json` and its schema anew, after a change of the rules or of the cases: `python -m tests.judging`. With
`--generate N --seed S FILE` it writes N situations more, for the phone to be asked."""

from argparse import ArgumentParser
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()
    from tests.judging.writing import generate, write

    asked = ArgumentParser(description=__doc__)
    asked.add_argument("--generate", type=int, metavar="N")
    asked.add_argument("--seed", type=int, default=1975)
    asked.add_argument("file", type=Path, nargs="?")
    options = asked.parse_args()
    if options.generate:
        generate(options.generate, options.seed, options.file)
    else:
        write()
