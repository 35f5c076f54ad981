"""Search from anywhere: a carnet by its number, a vehicle's plate, a holder's name or ID.

Among millions of carnets a number is found by its own index, a plate by `vehicle_by_plate`. Holders are some ten
thousands in the world; their register is read through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.consoles.base import ConsolePage
from api.permissions import SIGNED_IN
from api.scope.carnets import carnets_for
from api.scope.holders import holders_for
from api.scope.reader import Reader, reader_of
from carnets.models import Carnet, Vehicle
from guarantees.models import Holder
from tir.kernel.spelling import common_form

MOST_SHOWN: Final = 10
FEWEST_LETTERS: Final = 3
LAST_OF_NUMBERS: Final = (
    "Z" * 11
)  # numbers are capitals and digits: no number sorts after it in any collation


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, each kind up to `MOST_SHOWN`."""

    by_number: Sequence[Carnet] = ()
    by_plate: Sequence[Carnet] = ()
    holders: Sequence[Holder] = ()

    def __bool__(self) -> bool:
        return bool(self.by_number or self.by_plate or self.holders)


def search(said: str, reader: Reader) -> Results:
    """Return what the reader may see and may have meant; nothing for fewer than three letters."""
    if len(said) < FEWEST_LETTERS:
        return Results()
    carnets = carnets_for(reader).select_related("holder")
    plate = common_form(said)
    if len(plate) < FEWEST_LETTERS:
        return Results(holders=_holders(said, reader))
    by_number = carnets.filter(number__gte=plate, number__lte=plate + LAST_OF_NUMBERS).order_by("number")
    matching = Vehicle.objects.filter(common__startswith=plate).values("carnet_id")
    by_plate = carnets.filter(pk__in=matching).order_by("-pk")
    return Results(list(by_number[:MOST_SHOWN]), list(by_plate[:MOST_SHOWN]), _holders(said, reader))


def _holders(said: str, reader: Reader) -> Sequence[Holder]:
    named = Q(name__icontains=said) | Q(name_local__icontains=said) | Q(reference__startswith=said.upper())
    return list(holders_for(reader).filter(named).order_by("reference")[:MOST_SHOWN])


class SearchPage(ConsolePage):
    """The results as a page; the search box in the frame shows the same below itself while one types."""

    cost = "search"
    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Search")
    template = "consoles/search.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        said = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
        return {"said": said, "results": search(said, reader_of(request)), "fewest": FEWEST_LETTERS}
