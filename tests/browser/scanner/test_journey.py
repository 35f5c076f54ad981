"""From the first frame to the ledger: a printed carnet before the camera, a verdict, two taps."""

from collections.abc import Callable
from pathlib import Path

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.world import World, in_order

Film = Callable[[Carnet, int], Path]
ONE_SECOND = 1_000


def test_scan_see_stamp(world: World, issue: Issue, film: Film, phones: PhoneAt) -> None:
    carnet = issue()
    world.travel(carnet, upto=2, since=ago(days=2))
    phone = phones(film=film(carnet, 3))

    phone.enrol("officer-kzhor001")
    assert phone.verdict() == "GO"
    took = phone.between("first-frame", "verdict-shown")
    phone.page.screenshot(path="/tmp/see.png")
    phone.stamp()
    phone.page.locator("main.done[data-state=done]").wait_for()

    stamp = Stamp.objects.get(page=3)
    assert stamp.office.code == "KZHOR001"
    assert stamp.seals_found == ["A-10023", "A-10024"]
    assert took < ONE_SECOND
