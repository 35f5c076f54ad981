"""The app as a phone gets it: how much comes over the air, that it can be installed, and how soon it starts offline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import CDPSession

from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import Phone
from tests.world import World

FIRST_LOAD = 60_000  # bytes, compressed, without the decoder: half a minute on a poor 2G link
WITH_DECODER = 1_500_000
TWO_SECONDS = 2_000
THROTTLED = 4

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(world: World, phones: PhoneAt) -> Iterator[Phone]:
    phone = phones()
    phone.await_mark("installed")
    return phone


def session_of(phone: Phone) -> CDPSession:
    return phone.context.new_cdp_session(phone.page)


def test_the_first_load_is_small(world: World, phones: PhoneAt, measured: dict[str, str]) -> None:
    phone = phones()
    phone.await_mark("installed")
    loaded: dict[str, int] = phone.call(
        """() => Object.fromEntries([...performance.getEntriesByType("navigation"),
            ...performance.getEntriesByType("resource")].reverse().map(each => [each.name, each.encodedBodySize]))"""
    )
    decoder = sum(size for name, size in loaded.items() if "decoder" in name or name.endswith(".wasm"))
    rest = sum(loaded.values()) - decoder

    assert decoder > 0
    measured["first load"] = f"{rest} bytes, {rest + decoder} with the decoder"
    assert rest < FIRST_LOAD
    assert sum(path.stat().st_size for path in Path(settings.TIR_SCANNER).rglob("index*.gz")) < FIRST_LOAD
    assert rest + decoder < WITH_DECODER


def test_it_can_be_installed(phone: Phone) -> None:
    session = session_of(phone)
    manifest: dict[str, Any] = json.loads(session.send("Page.getAppManifest")["data"])

    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert manifest["display"] == "standalone"
    assert manifest["start_url"].startswith(manifest["scope"])
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert phone.page.request.get(f"{phone.address}/post/{icon['src']}").ok
    assert phone.call("() => navigator.serviceWorker.controller !== null")


def test_it_starts_offline_within_two_seconds_on_a_slow_phone(phone: Phone, measured: dict[str, str]) -> None:
    phone.enrol("officer-kzhor001")
    phone.context.set_offline(True)
    session_of(phone).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLED})
    starts = []
    for _ in range(3):
        phone.page.reload()
        phone.page.get_by_role("heading", name="Enter the PIN").wait_for()
        starts.append(phone.call("() => performance.getEntriesByName('begun').at(-1).startTime"))

    measured["start offline, 4x throttled"] = ", ".join(f"{start:.0f} ms" for start in starts)
    assert min(starts) < TWO_SECONDS
    phone.enter("246810")
    phone.page.locator("main.scan").wait_for()


def test_the_decoder_reads_codes_offline_too(phone: Phone) -> None:
    kept = phone.call(
        """async () => {
            const store = await caches.open("decoder");
            while (!(await store.keys()).length) await new Promise(done => setTimeout(done, 50));
            return (await store.keys()).map(each => new URL(each.url).pathname); }"""
    )

    assert [path.endswith(".wasm") for path in kept] == [True]
