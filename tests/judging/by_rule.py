"""Every rule of the checkpoint, broken and kept, at its edges."""

from collections.abc import Iterator
from uuid import UUID

from carnets.choices import Control, Made, PackagesBasis, UnitKind
from carnets.projection.evidence import Certification
from carnets.projection.plan import Unit
from tests.evidence import PACKAGES, PLATE, SEALS, control, report, when
from tests.judging.own_deeds import own_deeds
from tests.judging.places import (
    BARRED,
    BARRED_BEFORE,
    BARRED_IN_UNION,
    CLOSED,
    DAY,
    EXPIRED,
    LOST,
    MINUTE,
    OPENED,
    REGISTER,
    TODAY,
)  # fmt: skip
from tests.judging.situations import (
    LOADS_TWICE,
    SUSPENDED,
    TWO_LANDS,
    UNLOADS_TWICE,
    Situation,
    clean,
    listing,
    look,
    made,
    plan,
)
from tests.world import HOUR, START

NOTHING_SAID = {"seals_intact": None, "seals_found": None, "seals_affixed": None, "packages": None}
OFFLINE = {"is_online": False}
TRAIN = (
    Unit("88TR001", UnitKind.TRACTOR),
    Unit("88TL001", UnitKind.TRAILER),
    Unit("MSKU1234567", UnitKind.CONTAINER),
)


def by_rule() -> Iterator[Situation]:
    """Every rule of the checkpoint, broken and kept, at its edges."""
    for page in range(1, 9):
        yield look(f"a clean journey, page {page}, before stamping", page)
        yield look(f"a clean journey, page {page}, stamped", page, said={})
        yield look(f"page {page}, and the officer says nothing", page, said=NOTHING_SAID)
    yield from _about_pages()
    yield from _about_detours()
    yield from _about_the_carnet()
    yield from _about_the_clock()
    yield from _about_the_journey()
    yield from _about_the_end()
    yield from _about_seals()
    yield from _about_units()
    yield from _about_packages()
    yield from _about_time()
    yield from own_deeds()


def _about_pages() -> Iterator[Situation]:
    for page in (0, 9, 14, 15):
        yield look(f"page {page}", page)
        yield look(f"page {page}, stamped", page, said={})
    for name, said in (("a reservation", {"reservation": "wet"}), ("an end", {"ends_here": True}),
                       ("a rest that goes on", {"goes_on": True}), ("a suspension", {"is_suspension": True}),
                       ("packages", {"packages": PACKAGES})):  # fmt: skip
        yield look(f"{name} on a voucher No. 1", 3, said=said)
        yield look(f"{name} on a voucher No. 2", 4, said=said)
    yield look("packages at the first office of a carnet from elsewhere", 3, stamps=[], said={"packages": 400},
               fixed=plan(is_presented=True))  # fmt: skip
    yield look("another office of the union", 3, "KGBIS001")
    yield look("an office that may not let in", 3, "KZALA001")
    yield look("an office that is approved no more", 5, CLOSED, at=START + 5 * DAY)
    yield look("an office no longer approved, leaving", 6, CLOSED, at=START + 5 * DAY)
    yield look("an office not yet approved", 3, OPENED)
    yield look("an office approved since today", 3, OPENED, at=START + 3 * DAY)
    for page in (2, 3, 4):
        yield look(f"a second office of departure, page {page}", page, route=LOADS_TWICE)
        yield look(f"a second office of departure, page {page}, stamped", page, route=LOADS_TWICE, said={})
    yield look("another office of the territory than planned", 4, "KZHOR001")
    for by, upto in (("CNURC001", 0), ("CNHRS001", 1), ("KZQZQ001", 3), ("UZGIS001", 4), ("KZALA001", 2),
                     ("TJDYU001", 7), ("TJDYU001", 8), ("CNURC001", 2), ("KZHOR001", 0), ("KGBIS001", 4)):  # fmt: skip
        yield look(f"no page named at {by} after {upto}", None, by, upto=upto)
    yield look("a page that is stamped already", 3, upto=4)
    yield look("a stamp on a page that is stamped already", 3, upto=4, said={})
    yield look("an earlier stamp on a page that is stamped already", 3, upto=4, at=when(3) - HOUR, said={})
    yield look("a stamped page, and nothing left", 2, upto=8)


def _about_detours() -> Iterator[Situation]:
    yield look("the page of the land before", 2, "KZHOR001")
    yield look("the page of the land after", 5, "KZQZQ001")
    yield look("a land that the plan does not touch", 3, "TJDYU001", route=TWO_LANDS, upto=2)
    yield look("a land that the plan does not touch, confirmed", 3, "TJDYU001", route=TWO_LANDS, upto=2,
               said={"is_unplanned": True})  # fmt: skip
    detour = [*clean(2), *(made(page, by="TJDUS001", is_unplanned=True) for page in (3, 4))]
    for page, by in ((5, "KZHOR001"), (6, "KZQZQ001"), (None, "KZHOR001"), (None, "UZYAL001")):
        yield look(f"after a detour, page {page} at {by}", page, by, stamps=detour, at=when(6))
    skipped = [*clean(2), *(made(page, by=by) for page, by in ((3, "UZYAL001"), (4, "UZSYA001")))]
    yield look("a land was left out, and the next one entered", 5, "TJDUS001", stamps=skipped)
    yield look("a land was left out that the lorry comes to now", 5, "KZHOR001", stamps=skipped)


def _about_the_carnet() -> Iterator[Situation]:
    for kind in (Control.INVALIDATED, Control.LOST, Control.STOLEN, Control.EXPIRED):
        for page in (3, 4):
            yield look(f"a carnet {kind.value}, page {page}", page, control=kind, control_at=START)
    yield look("a lost carnet, to be stamped", 3, said={}, control=Control.LOST, control_at=START)
    yield look("lost, as the list says since", 3, number=LOST)
    yield look("expired, as the list says since", 3, number=EXPIRED)
    for page in (7, 8):
        yield look(f"a carnet returned, page {page}", page, is_returned=True)
    for page, days in ((1, 0), (1, 1), (2, 1), (3, 100)):
        yield look(
            f"page {page}, {days} days after the last for acceptance", page, at=START + (30 + days) * DAY
        )
    yield look("the last evening for acceptance, where it is tomorrow in UTC", 1, "CNURC001",
               at=START.replace(hour=15, minute=59) + 30 * DAY)  # fmt: skip
    yield look("a minute after the last evening for acceptance", 1, "CNURC001",
               at=START.replace(hour=16, minute=0) + 30 * DAY)  # fmt: skip
    for page, status in ((1, "suspended"), (1, "ended"), (3, "withdrawn"), (4, "withdrawn")):
        yield look(f"page {page}, the holder {status}", page, holder_status=status)
    yield from _about_those_who_guarantee_and_exclude()


def _about_those_who_guarantee_and_exclude() -> Iterator[Situation]:
    for page, who in (
        (3, BARRED),
        (3, BARRED_BEFORE),
        (4, BARRED),
        (5, BARRED),
        (1, BARRED),
        (3, BARRED_IN_UNION),
    ):
        yield look(f"page {page}, {who} excluded in the union", page, holder=who)
    yield look("excluded by KG since that day, at Horgos", 3, at=START + 2 * DAY, holder=BARRED_IN_UNION)
    yield look("excluded in KZ, at the office in KG", 3, "KGBIS001", holder=BARRED)
    for page in (1, 3, 4):
        yield look(f"page {page}, nobody guarantees there", page, where={"has_guarantor": False})
    for page, until in ((1, TODAY), (1, TODAY - DAY), (1, None), (3, TODAY - DAY)):
        yield look(f"page {page}, vehicle approved until {until}", page, approval_until=until)
    yield look("everything against it", 3, "UZYAL001", control=Control.STOLEN, control_at=START, holder=BARRED,
               where={"has_guarantor": False})  # fmt: skip


def _about_the_clock() -> Iterator[Situation]:
    for minutes in (10, 11):
        yield look(f"{minutes} minutes ahead of the clock", 1, at=when(1), now=when(1) - minutes * MINUTE)
        yield look(f"{minutes} minutes ahead, offline", 1, at=when(1), now=when(1) - minutes * MINUTE, said={},
                   where=OFFLINE)  # fmt: skip
        yield look(f"{minutes} minutes behind the clock", 3, now=when(3) + minutes * MINUTE, said={})
        yield look(f"{minutes} minutes before the issue", 1, at=START - minutes * MINUTE)
    yield look("an hour behind, issued in the past", 3, now=when(3) + HOUR, said={}, is_backdated=True)
    for page, days in ((3, 2), (3, 3), (5, 400), (1, 3), (1, 4)):
        yield look(f"page {page}, heard after {days} days", page, now=when(page) + days * DAY + MINUTE, where=OFFLINE,
                   said={"made": Made.OFFLINE})  # fmt: skip
    yield look("from nobody's device", 3, where=OFFLINE, said={"made": Made.OFFLINE, "is_vouched": False})
    yield look("corrected, by nobody's device", 3, said={"made": Made.CORRECTED, "is_vouched": False})


def _about_the_journey() -> Iterator[Situation]:
    for page, stamped in ((2, []), (5, [1, 2, 4]), (8, [1, 2, 3]), (7, [1, 2, 3, 4]), (5, [1, 2])):
        yield look(f"page {page}, stamped are {stamped}", page, stamps=[made(each) for each in stamped])
    yield look("begun elsewhere, page 5", 5, stamps=[], fixed=plan(is_presented=True))
    yield look("before the page before it", 4, at=when(3) - HOUR)
    yield look("after the page after it", 3, at=when(5), stamps=[made(4)])
    yield look("before the page after it", 3, at=when(3), stamps=[made(4)])
    elsewhere = made(4, by="KZHOR001")
    yield look("left elsewhere", 5, "UZYAL001", stamps=[*clean(3), elsewhere])
    yield look("left elsewhere, to an office facing none", 5, "UZGIS001", stamps=[*clean(3), elsewhere])
    suspended = [*clean(3), made(4, by="KZHOR001", is_suspension=True)]
    yield look("left elsewhere, suspended", 5, stamps=suspended)
    faced = [*clean(3), made(4, by=OPENED)]
    for days in (3, 4):
        yield look(f"faces the office it left by, day {days}", 5, CLOSED, stamps=faced, at=START + days * DAY)
    yield from _about_suspension()
    yield look("refused before", 3, refused=[3])
    yield look("refused before, started since", 4, refused=[3])
    yield look("refused on another page", 3, refused=[5])
    cancelled = [*clean(2), made(2, when(2) + HOUR, id=UUID(int=70), cancels=UUID(int=2))]
    yield look("the page before was cancelled", 3, stamps=cancelled)
    by_other = Certification(
        UUID(int=71), 2, REGISTER["CNURC001"], when(2) + HOUR, when(2) + HOUR, cancels=UUID(int=2)
    )
    yield look("cancelled by another office, which does not count", 3, stamps=[*clean(2), by_other])
    rival = made(2, when(2) + HOUR, id=UUID(int=72), seals_found=("B-1",))
    yield look("a later rival on the page before", 3, said={}, stamps=[*clean(2), rival])
    proof = made(2, when(2), id=UUID(int=73), is_proof=True)
    yield look("a paper stands for the page before", 3, stamps=clean(1), proofs=[proof])


def _about_suspension() -> Iterator[Situation]:
    """The clock is that of the territory left before: 10 days in the union, 30 in Uzbekistan, none in Tajikistan."""
    for page, days in ((5, 10), (5, 11), (5, 15), (7, 15), (7, 30), (7, 31)):
        suspended = [*clean(page - 2), made(page - 1, is_suspension=True)]
        yield look(
            f"page {page}, suspended for {days} days", page, at=when(page - 1) + days * DAY, stamps=suspended
        )
    homeward = (("TJDYU001", "TJDUS001"), ("UZSYA001", "UZTAS001"))
    endless = [made(1, by="TJDYU001"), made(2, by="TJDUS001", is_suspension=True)]
    for days in (1, 400):
        yield look(f"suspended for {days} days where no clock says how long", 3, at=when(2) + days * DAY,
                   stamps=endless, route=homeward)  # fmt: skip
    for page in (4, 5, 6):
        yield look(f"suspended as planned, page {page}", page, route=SUSPENDED)


def _about_the_end() -> Iterator[Situation]:
    ended = [*clean(3), made(4, by="KZALA001", ends_here=True)]
    for page, by in ((5, "UZYAL001"), (None, "UZYAL001"), (6, "UZSYA001"), (5, "KZQZQ001")):
        yield look(f"ended before, page {page} at {by}", page, by, stamps=ended)
    yield look("ended at an office that is not approved", 5, stamps=[*clean(3), made(4, START + 9 * DAY, CLOSED,
               ends_here=True)])  # fmt: skip
    yield look("after the last page", 9, "TJDYU001", upto=8, at=when(9))
    yield look("ends here, said in passing", 4, said={"ends_here": True})
    part = [*clean(7), made(8, packages=100, goes_on=True)]
    yield look("part goes on from the destination", 9, "TJDYU001", stamps=part, at=when(9))
    unloaded = clean(4, UNLOADS_TWICE)
    yield look("on from an inner unload", 5, route=UNLOADS_TWICE, stamps=unloaded, said={})
    loads_after = (("CNURC001", "CNHRS001", "unload"), ("CNHRS001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"),
                   ("KZHOR001", "KZALA001"))  # fmt: skip
    yield look("a load after an unload", 5, route=loads_after)
    yield look("a load after an unload nobody stamped", 5, route=loads_after, stamps=clean(1, loads_after))


def _about_seals() -> Iterator[Situation]:
    for seals in (SEALS[::-1], SEALS[:1], ("A-10023", "Z-9"), (), (*SEALS, "Z-9"), ("а 10023", "A.10024"),
                  ("ａ１００２３", "a—10024")):  # fmt: skip
        yield look(f"seals found {list(seals)}", 4, said=listing(*seals))
    silent = {"seals_intact": None, "seals_found": None}
    yield look("seals not looked at", 4, said=silent)
    yield look("heavy goods without a seal, and nothing said", 4, said=silent, fixed=plan(is_sealed=False),
               stamps=[made(1, seals_affixed=None, seals_intact=None), made(2, **silent),
                       made(3, **silent)])  # fmt: skip
    yield look("seals broken", 4, said=listing(*SEALS[:1], intact=False))
    yield look("said intact, and others listed", 4, said=listing("Z-9"))
    broken = report("KZQZQ001", when(4) - HOUR, seals_removed=SEALS, seals_affixed=("N-1",))
    yield look("seals broken, with a report", 4, said=listing(intact=False), events=[broken])
    yield look("new seals, with a report", 4, said=listing("N-1"), events=[broken])
    yield look("old seals, though a report says broken", 4, said=listing(*SEALS), events=[broken])
    for hours in (11, 13):
        late = report("KZQZQ001", when(4) + hours * HOUR, seals_removed=SEALS)
        yield look(f"a report {hours} hours after", 4, now=when(4) + 14 * HOUR, events=[late], where=OFFLINE,
                   said=listing(intact=False))  # fmt: skip
    opened = control("KZALA001", when(4) - HOUR, seals_removed=SEALS[:1], seals_affixed=("C-7",))
    yield look("opened at a control, the new seal found", 4, said=listing("C-7", SEALS[1]), events=[opened])
    yield look("opened at a control, the old seal found", 4, said=listing(*SEALS), events=[opened])
    for found in (None, (), SEALS, ("C-7", SEALS[1])):
        yield look(f"opened at a control, then broken: {found}", 4, events=[opened],
                   said={"seals_intact": False, "seals_found": found})  # fmt: skip
    affixed = [made(1), made(2), made(3, seals_affixed=("N-9",))]
    yield look("a seal was added at the entry", 4, stamps=affixed, said=listing(*SEALS, "N-9"))
    yield look("the seal added is missing", 4, stamps=affixed, said={})
    cut = report("KZHOR001", when(3) + HOUR, seals_removed=("N-9",), seals_affixed=("P-1",))
    yield look(
        "the seal added was cut just after", 4, stamps=affixed, said=listing(*SEALS, "P-1"), events=[cut]
    )
    twice = [made(page, route=UNLOADS_TWICE) for page in range(1, 6)]
    for far in (-1, 1):
        cut = report("KZALA001", when(5) + far * MINUTE, seals_removed=SEALS, seals_affixed=("P-1",))
        yield look(f"a report {far} minutes after the second stamp of its office", 6, route=UNLOADS_TWICE,
                   stamps=twice, said=listing("P-1"), events=[cut])  # fmt: skip
    removed = [*affixed, made(4, seals_found=(*SEALS, "N-9"), seals_removed=("N-9",))]
    yield look("the seal added was taken off at the exit", 5, stamps=removed, said={})
    own = [made(1, seals_affixed=None), made(2, seals_found=None), made(3, seals_found=None, seals_affixed=("N-9",)),
           made(4, seals_found=None, seals_removed=("N-9",))]  # fmt: skip
    for name, said in (("a tick", {"seals_found": None}), ("none found", listing()), ("nothing", silent)):
        yield look(f"the only seal named came off at the exit: {name}", 5, stamps=own, said=said)
    resealed = [
        *clean(3, UNLOADS_TWICE),
        made(4, route=UNLOADS_TWICE, seals_removed=SEALS, seals_affixed=("U-1",)),
    ]
    yield look("sealed anew at an inner unload", 6, route=UNLOADS_TWICE, said=listing("U-1"),
               stamps=[*resealed, made(5, route=UNLOADS_TWICE, seals_found=("U-1",))])  # fmt: skip
    for name, said in (
        ("none", {"seals_affixed": ()}),
        ("nothing said", {"seals_affixed": None}),
        ("two", {}),
    ):
        yield look(f"seals affixed at departure: {name}", 1, said=said)
    yield look("no seals known yet", 2, stamps=[made(1, seals_affixed=None)], said={})
    yield look("no seals known yet, and only a tick", 3, said={"seals_found": None},
               stamps=[made(1, seals_affixed=None), made(2, seals_found=None)])  # fmt: skip


def _about_units() -> Iterator[Situation]:
    for plates in ((PLATE,), ("99ZZ999",), (PLATE, "99ZZ999"), (), ("01 kz-123 abc",), ("01КZ123АВС",)):
        yield look(f"plates {list(plates)}", 3, said={"vehicles": plates})
    changed = report("KZHOR001", when(3) - HOUR, vehicles=("99ZZ999",), explains_seals=False)
    yield look("another plate, with a report", 3, said={"vehicles": ("99ZZ999",)}, events=[changed])
    before = [made(1), made(2, vehicles=("99ZZ999",))]
    yield look("another plate, seen before", 3, stamps=before, said={"vehicles": ("99ZZ999",)})
    train = plan(units=TRAIN)
    for vehicles, containers in ((("77NEW01", "88TL001"), None), (("88TR001",), None), (None, ("MSKU1234567",)),
                                 (("77NEW01",), ("MSKU 123456-7",)), (("88TR001", "88TL001"), ())):  # fmt: skip
        yield look(f"a train: {vehicles}, {containers}", 3, fixed=train,
                   said={"vehicles": vehicles, "containers": containers})  # fmt: skip
    cargo = [(1, 4, 200, ("88TL001",)), (1, 6, 220, ("MSKU1234567",))]
    emptied = plan(UNLOADS_TWICE, cargo, TRAIN)
    yield look("the trailer that was emptied stays behind", 5, route=UNLOADS_TWICE, fixed=emptied, stamps=[
               *clean(3, UNLOADS_TWICE), made(4, route=UNLOADS_TWICE, packages=200)],
               said={"vehicles": ("88TR001",), "containers": ("MSKU1234567",)})  # fmt: skip


def _about_packages() -> Iterator[Situation]:
    for packages in (PACKAGES, PACKAGES - 1, PACKAGES + 1, 0, None):
        yield look(f"{packages} packages", 8, said={"packages": packages})
    manifest = {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST}
    yield look("as in the manifest, under intact seals", 8, said=manifest)
    yield look("as in the manifest, under broken seals", 8, said={**manifest, **listing(intact=False)})
    yield look("as in the manifest, and nothing said of the seals", 8,
               said={**manifest, "seals_intact": None, "seals_found": None})  # fmt: skip
    yield look("a reservation", 8, said={"reservation": "two cartons wet"})
    yield look("short, with a reservation", 8, said={"packages": 400, "reservation": "20 short"})
    short = [*clean(3), made(4, packages=400)]
    for packages in (400, PACKAGES):
        yield look(
            f"{packages} packages after 20 were missing",
            6,
            stamps=[*short, made(5)],
            said={"packages": packages},
        )
    counted = report("KZALA001", when(4) - HOUR, packages=400)
    yield look("a report counts 400 on the way", 6, stamps=clean(5), events=[counted], said={"packages": 400})
    bulk = plan(cargo=[(1, 8, None, ())])
    for kg in (None, 1000, 1020, 1021, 980, 979):
        yield look(f"bulk, {kg} kg", 8, fixed=bulk, said={"packages": None, "mass_kg": kg})
    for kg in (8200, 8364, 8365, 8036):
        yield look(f"counted goods, {kg} kg", 8, said={"mass_kg": kg})
    two = plan(UNLOADS_TWICE, [(1, 4, 200, ()), (1, 6, 220, ())])
    for packages in (200, 190, 220):
        yield look(
            f"{packages} unloaded of two hundred",
            4,
            route=UNLOADS_TWICE,
            fixed=two,
            said={"packages": packages},
        )
    unloaded = [
        *clean(3, UNLOADS_TWICE),
        made(4, route=UNLOADS_TWICE, packages=200),
        made(5, route=UNLOADS_TWICE),
    ]
    for packages in (220, 420):
        yield look(f"{packages} at the end after two hundred", 6, route=UNLOADS_TWICE, fixed=two, stamps=unloaded,
                   said={"packages": packages})  # fmt: skip
    short = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"))
    by_bishkek = [*clean(3, short), made(4, by="KGBIS001", goes_on=True)]  # may certify an exit and an unload
    for name, after in (("passed by", "UZYAL001"), ("unloaded there instead", "KGBIS001")):
        yield look(f"the planned unload was {name}", 6, "UZTAS001", route=short, at=when(6), said={"ends_here": True},
                   stamps=[*by_bishkek, made(5, by=after)])  # fmt: skip
    yield look("part goes on, nobody can say how many", 8, said={"packages": 10, "goes_on": True})
    yield look("part goes on, with what was presented", 10, "TJDYU001", at=when(10), said={"packages": 400}, stamps=[
               *clean(7), made(8, packages=10, packages_presented=410, goes_on=True),
               made(9, by="TJDYU001")])  # fmt: skip


def _about_time() -> Iterator[Situation]:
    for hours in (10 * 24 + 24, 10 * 24 + 25):
        yield look(f"{hours} hours after the start, with no limit set", 4, at=when(3) + hours * HOUR, said={})
    limited = [*clean(2), made(3, time_limit_at=when(3) + 5 * HOUR)]
    for hours in (29, 30):
        yield look(
            f"{hours} hours, with five in box 20", 4, at=when(3) + hours * HOUR, stamps=limited, said={}
        )
        yield look(
            f"{hours} hours, with five in box 20, looked at", 4, at=when(3) + hours * HOUR, stamps=limited
        )
    for days in (-1, 0, 60, 61):
        yield look(
            f"a time limit {days} days from the start", 3, said={"time_limit_at": when(3) + days * DAY}
        )
    yield look(
        "a time limit before the start, offline", 3, said={"time_limit_at": when(3) - DAY}, where=OFFLINE
    )
    yield look(
        "a time limit in three years, where none is set", 5, said={"time_limit_at": when(5) + 1000 * DAY}
    )
    for hours in (0, 7, 8):
        yield look(f"from Khorgos in {hours} hours", 4, at=when(3) + hours * HOUR, said={})
    yield look("a few kilometres in no time", 3, at=when(2), said={})
