"""The TrueType faces every printed carnet embeds: no post has them all, and none may have to fetch them."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FACES = {"sans": "sans.ttf", "sans_bold": "sans-bold.ttf", "cjk": "cjk.ttf"}


def find(directory: Path) -> dict[str, Path]:
    """Return the path of each face, or refuse to start: a page without its letters is worse than no page."""
    paths = {face: directory / name for face, name in FACES.items()}
    missing = sorted(path.name for path in paths.values() if not path.is_file())
    if missing:
        raise ImproperlyConfigured(
            f"The fonts {', '.join(missing)} are not in {directory}: run script/setup, or point TIR_FONTS at them."
        )
    return paths
