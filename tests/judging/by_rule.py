"""Every rule of the checkpoint, broken and kept, at its edges."""

from collections.abc import Iterator
from uuid import UUID

from api.errors import instant
from carnets.projection.facts import Certification
from tests.evidence import (
    PACKAGES,
    PLATE,
    SEALS,
    certify,
    clean,
    office_facts,
    report,
    when,
)
from tests.judging.building import (
    BARRED,
    BARRED_BEFORE,
    DAY,
    EXPIRED,
    LOADS_TWICE,
    LOST,
    MINUTE,
    TODAY,
    TWO_LANDS,
    Json,
    case,
    holder,
    seen,
)
from tests.world import HOUR, LONG_AGO, START


def by_rule() -> Iterator[Json]:
    """Every rule of the checkpoint, broken and kept, at its edges."""
    for page in range(1, 9):
        yield case(f"a clean journey, page {page}, before stamping", page)
        yield case(f"a clean journey, page {page}, stamped", page, seen=seen(page))
    yield from _about_pages()
    yield from _about_the_carnet()
    yield from _about_the_journey()
    yield from _about_seals()
    yield from _about_the_vehicle()
    yield from _about_packages()
    yield from _about_time()


def _about_pages() -> Iterator[Json]:
    for page in (0, 9, 14, 15):
        yield case(f"page {page}", page)
    yield case("another office of the union", 3, "KGBIS001")
    yield case("the page of the land before", 2, "KZHOR001")
    yield case("the page of the land after", 5, "KZQZQ001")
    yield case("an office the route does not touch", 3, "TJDYU001", route=TWO_LANDS, upto=2)
    yield case("an office that may not let in", 3, "KZALA001")
    yield case("a second office of departure ends one pair", 2, route=LOADS_TWICE)
    yield case("a second office of departure begins the next", 3, route=LOADS_TWICE)
    yield case("a departure where a destination is needed", 4, "CNURC001", route=LOADS_TWICE)
    yield case("another office of the territory than planned", 4, "KZHOR001")
    for office, upto in (("CNURC001", 0), ("CNHRS001", 1), ("KZQZQ001", 3), ("UZGIS001", 4), ("KZALA001", 2),
                         ("TJDYU001", 7), ("TJDYU001", 8), ("CNURC001", 2), ("KZHOR001", 0)):  # fmt: skip
        yield case(f"no page named at {office} after {upto}", None, office, upto=upto)
    yield case("a page that is stamped already", 3, upto=4)
    yield case("a stamp on a page that is stamped already", 3, upto=4, seen=seen(3))
    yield case(
        "an earlier stamp on a page that is stamped already", 3, upto=4, at=when(3) - HOUR, seen=seen(3)
    )
    yield case("a stamped page, and nothing left", 2, upto=8)


def _about_the_carnet() -> Iterator[Json]:
    for control in ("invalidated", "lost", "stolen", "expired"):
        yield case(f"a carnet {control}", 3, control=control, control_at=instant(START))
    yield case("a lost carnet, to be stamped", 3, seen=seen(3), control="lost", control_at=instant(START))
    yield case("lost, as the list says since", 3, number=LOST)
    yield case("expired, as the list says since", 3, number=EXPIRED)
    yield case("a carnet returned", 8, returned=True)
    for page, days in ((1, 0), (1, 1), (2, 1), (3, 100)):
        yield case(
            f"page {page}, {days} days after the last for acceptance", page, at=START + (30 + days) * DAY
        )
    for page, status in ((1, "suspended"), (3, "withdrawn"), (3, "ended"), (4, "withdrawn")):
        yield case(f"page {page}, the holder {status}", page, holder=holder(status=status))
    for page, who in ((3, BARRED), (3, BARRED_BEFORE), (4, BARRED), (5, BARRED), (1, BARRED)):
        yield case(f"page {page}, {who} excluded in KZ", page, holder=holder(who))
    yield case("excluded in KZ, at the office in KG", 3, "KGBIS001", holder=holder(BARRED))
    for page, start, end in ((1, TODAY, TODAY + DAY), (1, LONG_AGO, TODAY), (1, TODAY + DAY, None),
                             (3, LONG_AGO, TODAY)):  # fmt: skip
        terms = {"reference": "CN-2026-0001", "valid_from": str(start), "valid_to": end and str(end)}
        yield case(f"page {page}, guarantee from {start} to {end}", page, guarantee=terms)
    for page, until in ((1, TODAY), (1, TODAY - DAY), (1, None), (3, TODAY - DAY)):
        yield case(f"page {page}, vehicle approved until {until}", page, approval_until=until and str(until))
    yield case("everything against it", 3, "UZYAL001", control="stolen", control_at=instant(START),
               holder=holder(status="ended"))  # fmt: skip


def _about_the_journey() -> Iterator[Json]:
    for minutes in (10, 11):
        yield case(f"{minutes} minutes ahead of the clock", 1, at=when(1), now=when(1) - minutes * MINUTE)
        yield case(f"{minutes} minutes before the issue", 1, at=START - minutes * MINUTE)
    for page, stamped in ((2, []), (5, [1, 2, 4]), (8, [1, 2, 3])):
        yield case(f"page {page}, stamped are {stamped}", page, stamps=[certify(each) for each in stamped])
    yield case("before the page before it", 4, at=when(3) - HOUR)
    yield case("after the page after it", 3, at=when(5), stamps=[certify(4)])
    yield case("before the page after it", 3, at=when(3), stamps=[certify(4)])
    elsewhere = certify(4, office="KZHOR001")
    yield case("left elsewhere", 5, "UZYAL001", stamps=[*clean(3), elsewhere])
    yield case("left elsewhere, to an office facing none", 5, "UZGIS001", stamps=[*clean(3), elsewhere])
    yield case(
        "left elsewhere, suspended", 5, stamps=[*clean(3), certify(4, office="KZHOR001", is_suspension=True)]
    )
    yield from _about_suspension()
    yield case("under way for 31 days without suspension", 5, at=when(4) + 31 * DAY)
    yield case("refused before", 3, refused=[3])
    yield case("refused before, started since", 4, refused=[3])
    yield case("refused on another page", 3, refused=[5])
    cancelled = [*clean(2), certify(2, when(2) + HOUR, id=UUID(int=70), cancels=UUID(int=2))]
    yield case("the page before was cancelled", 3, stamps=cancelled)
    by_other = Certification(UUID(int=71), 2, office_facts("CNURC001"), when(2) + HOUR, cancels=UUID(int=2))
    yield case("cancelled by another office, which does not count", 3, stamps=[*clean(2), by_other])
    rival = certify(2, when(2) + HOUR, id=UUID(int=72), seals_found=("B-1",))
    yield case("a later rival on the page before", 3, seen=seen(3), stamps=[*clean(2), rival])


def _about_suspension() -> Iterator[Json]:
    """The clock is that of the territory left before: 10 days in the union, 30 in Uzbekistan, none in Tajikistan."""
    for page, days in ((5, 10), (5, 11), (5, 15), (7, 15), (7, 30), (7, 31)):
        suspended = [*clean(page - 2), certify(page - 1, is_suspension=True)]
        yield case(
            f"page {page}, suspended for {days} days", page, at=when(page - 1) + days * DAY, stamps=suspended
        )
    homeward = (("TJDYU001", "TJDUS001"), ("UZSYA001", "UZTAS001"))
    endless = [certify(1, office="TJDYU001"), certify(2, office="TJDUS001", is_suspension=True)]
    for days in (1, 400):
        yield case(f"suspended for {days} days where no clock says how long", 3, at=when(2) + days * DAY,
                   stamps=endless, route=homeward)  # fmt: skip


def found(*seals: str, intact: bool | None = True) -> Json:
    """Return what an officer writes about the seals."""
    return {"intact": intact, "found": list(seals)}


def _about_seals() -> Iterator[Json]:
    for seals in (SEALS[::-1], SEALS[:1], ("A-10023", "Z-9"), ()):
        yield case(f"seals found {list(seals)}", 4, seen=seen(4, seals=found(*seals)))
    yield case("seals not looked at", 4, seen=seen(4, seals={}))
    yield case("seals broken", 4, seen=seen(4, seals=found(*SEALS[:1], intact=False)))
    broken = report(
        "KZQZQ001", when(4) - HOUR, seals_broken=frozenset(SEALS), seals_affixed=frozenset({"N-1"})
    )
    yield case("seals broken, with a report", 4, seen=seen(4, seals=found(intact=False)), reports=[broken])
    yield case("new seals, with a report", 4, seen=seen(4, seals=found("N-1")), reports=[broken])
    yield case(
        "old seals, though a report says broken", 4, seen=seen(4, seals=found(*SEALS)), reports=[broken]
    )
    for hours in (11, 13):
        late = report("KZQZQ001", when(4) + hours * HOUR, seals_broken=frozenset(SEALS))
        yield case(f"a report {hours} hours after", 4, now=when(4) + 14 * HOUR, reports=[late],
                   seen=seen(4, seals=found(intact=False)))  # fmt: skip
    affixed = [certify(1), certify(2), certify(3, seals_affixed=("N-9",))]
    yield case("a seal was added at the entry", 4, stamps=affixed, seen=seen(4, seals=found(*SEALS, "N-9")))
    yield case("the seal added is missing", 4, stamps=affixed, seen=seen(4))
    yield case("no seals known yet", 2, stamps=[certify(1, seals_affixed=None)], seen=seen(2))


def _about_the_vehicle() -> Iterator[Json]:
    for plates in ([PLATE], ["99ZZ999"], [PLATE, "99ZZ999"], []):
        yield case(f"plates {plates}", 3, seen=seen(3, vehicles=plates))
    changed = report("KZHOR001", when(3) - HOUR, vehicles=frozenset({"99ZZ999"}), is_about_seals=False)
    yield case("another plate, with a report", 3, seen=seen(3, vehicles=["99ZZ999"]), reports=[changed])
    before = [certify(1), certify(2, vehicles=("99ZZ999",))]
    yield case("another plate, seen before", 3, stamps=before, seen=seen(3, vehicles=["99ZZ999"]))


def _about_packages() -> Iterator[Json]:
    for packages in (PACKAGES, PACKAGES - 1, PACKAGES + 1, 0, None):
        yield case(f"{packages} packages", 8, seen=seen(8, packages=packages))
    yield case("a reservation", 8, seen=seen(8, reservation="two cartons wet"))
    yield case("short, with a reservation", 8, seen=seen(8, packages=400, reservation="20 short"))
    unloaded = [*clean(3), certify(4, packages=20, is_partial=True)]
    for packages in (400, PACKAGES):
        yield case(f"{packages} packages after 20 were unloaded", 6, stamps=[*unloaded, certify(5)],
                   seen=seen(6, packages=packages))  # fmt: skip
    yield case("a partial unloading", 8, seen=seen(8, packages=10, partial=True))


def _about_time() -> Iterator[Json]:
    for hours in (10 * 24 + 24, 10 * 24 + 25):
        yield case(f"{hours} hours after the start", 4, at=when(3) + hours * HOUR, seen=seen(4))
        yield case(f"{hours} hours after the start, before stamping", 4, at=when(3) + hours * HOUR)
    limited = [*clean(2), certify(3, time_limit_at=when(3) + 5 * HOUR)]
    for hours in (29, 30):
        yield case(
            f"{hours} hours, with five in box 20", 4, at=when(3) + hours * HOUR, stamps=limited, seen=seen(4)
        )
    for hours in (0, 7, 8):
        yield case(f"from Khorgos in {hours} hours", 4, at=when(3) + hours * HOUR, seen=seen(4))
    yield case("a few kilometres in no time", 3, at=when(2), seen=seen(3))
