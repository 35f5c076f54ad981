"""Writes `cases.json` and its schema anew, after a change of the rules or of the cases: `python -m tests.judging`."""

import django

if __name__ == "__main__":
    django.setup()
    from tests.judging.writing import write

    write()
