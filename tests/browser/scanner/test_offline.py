"""The network is away for a shift; the phone dies, the server dies, answers are lost: every stamp arrives once."""

import os
import signal
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from threading import Timer

import pytest
from django.core.management import call_command
from playwright.sync_api import Error, Route

from carnets.choices import Made
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import STAMP_ALL, Phone
from tests.browser.scanner.serving import Server
from tests.world import World

STAMPS = 200


def kill_browser(phone: Phone) -> None:
    """Take the battery out: the browser of this profile ends at once, with nothing flushed."""
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().decode().split("\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if f"--user-data-dir={phone.profile}" in command:
            os.kill(int(entry.name), signal.SIGKILL)
    with suppress(Error):  # it may be seen to be gone before it is closed
        phone.context.close()


class Network:
    """What happens to the batches on their way: the first answer is lost, during the second the server dies."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.batches = 0

    def carry(self, route: Route) -> None:
        self.batches += 1
        if self.batches == 1:
            route.fetch()
            route.abort()
        elif self.batches == 2:
            Timer(0.03, self.server.kill).start()
            route.continue_()
        else:
            route.continue_()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_stamps_of_a_day_without_network_arrive_exactly_once(
    world: World, issue: Issue, server: Server, phones: PhoneAt
) -> None:
    world.guarantee.ceilings.update(ceiling=Decimal(100_000_000))
    numbers = [issue().number for _ in range(STAMPS)]
    phone = phones(address=server.address)
    phone.enrol("officer-cnurc001")

    phone.context.set_offline(True)
    assert phone.page.evaluate(STAMP_ALL, numbers[: STAMPS // 2]) == "stamped"
    kill_browser(phone)
    phone.switch_on(offline=True)
    phone.page.get_by_text(f"{STAMPS // 2} unsent").wait_for()
    phone.unlock()
    assert phone.page.evaluate(STAMP_ALL, numbers[STAMPS // 2 :]) == "stamped"
    phone.page.get_by_text(f"{STAMPS} unsent").wait_for()
    assert not Stamp.objects.exists()

    network = Network(server)
    phone.page.route("**/stamps/batch/", network.carry)
    phone.context.set_offline(False)
    while network.batches < 2:
        phone.page.wait_for_timeout(100)
    phone.page.wait_for_timeout(1_000)
    assert Stamp.objects.count() < STAMPS
    server.start()
    phone.page.get_by_text("all sent").wait_for(timeout=60_000)

    assert Stamp.objects.count() == STAMPS
    assert Stamp.objects.filter(made=Made.OFFLINE).count() == STAMPS
    assert set(Stamp.objects.values_list("carnet__number", flat=True)) == set(numbers)
    assert network.batches >= 4  # lost, cut off, and two that got through
    call_command("verify_ledger", verbosity=0)
