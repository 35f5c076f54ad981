"""`python -m tests.scenarios --cases FILE`: play the book through the API and write what a phone would judge."""

import argparse
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios", description=__doc__)
    parser.add_argument("--cases", type=Path, required=True, metavar="FILE", help="where to write the cases")
    os.environ["SCENARIO_CASES"] = str(parser.parse_args().cases.resolve())
    return pytest.main(["-q", "-p", "no:randomly", "-k", "through_the_api", str(HERE / "test_book.py")])


if __name__ == "__main__":
    sys.exit(main())
