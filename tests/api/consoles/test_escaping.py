"""What somebody wrote stands on a page as they wrote it, and does nothing there."""

import pytest

from guarantees.models import Holder
from tests.api.conftest import Issue
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.kernel.clock import now

ODD = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>{{7*7}}"""
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("asked", ["list", "one", "report", "search", "holders", "file"])
def test_a_name_with_markup_is_letters(world: World, issue: Issue, reader: Reader, asked: str) -> None:
    carnet = issue()
    Holder.objects.filter(pk=carnet.holder_id).update(name=ODD, address=ODD)
    incident = world.report(carnet, "CNURC001", now(), description=ODD)
    address = {
        "list": "/console/carnets/",
        "one": f"/console/carnets/{carnet.number}/",
        "report": f"/console/carnets/{carnet.number}/reports/{incident.pk}/",
        "search": f"/console/search/?q={carnet.number[:6]}",
        "holders": "/console/holders/",
        "file": f"/console/carnets/?q={ODD}",
    }[asked]

    said = reader(world.staff["CN"]).get(address).content.decode()

    assert ESCAPED in said
    assert "<script>alert" not in said
    assert "<img src=x" not in said
    assert "49" not in said.partition(ESCAPED)[2][:200]
