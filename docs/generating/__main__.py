"""`python -m docs.generating [--check]`: write the pages, or only say which ones are out of date."""

import sys

import django
from django.utils import translation


def main() -> None:
    """Write every page and name those that changed; with `--check` write nothing, and fail when one differs."""
    django.setup()
    translation.activate("en")
    from docs.generating.pages import generated, outdated  # noqa: PLC0415  (the code it describes needs Django set up)

    stale = outdated()
    if "--check" not in sys.argv:
        for path, text in generated().items():
            path.write_text(text)
    sys.stdout.writelines(f"{path.name}\n" for path in stale)
    if stale and "--check" in sys.argv:
        sys.exit("script/docs: these pages differ from the code; run script/docs.")


if __name__ == "__main__":
    main()
