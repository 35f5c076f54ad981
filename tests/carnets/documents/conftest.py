"""Fonts, and each sample drawn once a run: the same sheet always gives the same bytes."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from carnets.documents.fonts import Fonts, installed_fonts
from carnets.documents.render import render_carnet
from carnets.documents.sheet import SecondLanguage
from tests.carnets.documents.boxes import Paper
from tests.carnets.documents.samples import crowded_sheet, sample_sheet, two_loads_two_unloads

Render = Callable[[SecondLanguage | None], bytes]


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return installed_fonts()


@pytest.fixture(scope="session")
def render(fonts: Fonts) -> Render:
    return cache(lambda language: render_carnet(sample_sheet(vouchers=20, language=language), fonts))


@pytest.fixture(scope="session")
def render_crowded(fonts: Fonts) -> Render:
    return cache(lambda language: render_carnet(crowded_sheet(language), fonts))


@pytest.fixture(scope="module")
def paper(fonts: Fonts) -> Iterator[Paper]:
    """A carnet with two loads and two unloads."""
    made = Paper(two_loads_two_unloads(), fonts)
    yield made
    made.document.close()
