"""An enrolled phone for every office, so that what was stamped without network is vouched for."""

from datetime import datetime, timedelta
from hashlib import sha512

from checkpoints.models import CustomsOffice, Device
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from checkpoints.simulation.accounts import officer_name
from tir.accounts.models import User

SERVING = timedelta(days=400)  # the phone has been there for longer than anything simulated


def ensure_phones(*, at: datetime) -> None:
    """Enrol one phone at every office that has none, by its sample officer. Nobody holds its token: it is told apart by
    a digest that no token has."""
    equipped = set(Device.objects.values_list("office__code", flat=True))
    users = dict(User.objects.values_list("username", "pk"))
    for code in CustomsOffice.objects.order_by("code").values_list("code", flat=True):
        if code not in equipped:
            devices.enrol(
                name=f"Phone of {code}",
                lane="",
                token_digest=sha512(f"no token: {code}".encode()).hexdigest(),
                by=officer_of(users[officer_name(code)]),
                at=at - SERVING,
            )
