"""Four eyes for the keys that sign vouchers and receipts: another key, or one taken out for good, needs two people.

The keys are files that no process which serves may write, so the command on the server changes them; here it asks
first and is told whether another person has agreed. What it stands on is which keys lie in the directory: once that is
another, or a day has passed, a yes is spent. `tir.keys` makes the first key of all, before anybody has an account.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from tir.accounts import assigning
from tir.accounts.models import Role, User
from tir.approvals import deciding
from tir.approvals.deciding import Proposal, Texts
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.errors import Forbidden
from tir.kernel.values import value
from tir.signin.passwords import ensure_right

SIGNING_KEY = "signing_key"
NEW, REVOKE = "new", "revoke"
AGREED_FOR = timedelta(hours=24)  # how long a yes may be used
MAY = (Role.ADMINISTRATOR, Role.SECRETARIAT)


class NotForKeys(Forbidden):
    """Keys are changed by an administrator, or somebody of the international organization, whose account is open."""

    code = "not_for_keys"


@value
class KeyChange:
    """What is to be done with the keys: `new`, perhaps signing only from an instant on, or `revoke` of one."""

    verb: str
    key: str = ""
    signs_from: str = ""


def agreed(change: KeyChange, keys: Sequence[str], *, at: datetime) -> Approval | None:
    """Return the proposal to which others have agreed and that may be carried out now, None where there is none."""
    rows = Approval.objects.filter(
        kind=SIGNING_KEY,
        subject=_subject(change),
        status=ApprovalStatus.DONE,
        stands_on=deciding.digest(_on_record(keys)),
        ended_at__gt=at - AGREED_FOR,
    )
    return next((row for row in rows.order_by("-id") if row.content == _content(change)), None)


def propose(
    change: KeyChange, keys: Sequence[str], *, by: User, password: str, at: datetime, reason: str
) -> Approval:
    """Put a change of the keys before a second person. A command knows nobody: the password says that it is `by`.

    Raises NotForKeys, PasswordWrong.
    """
    if not by.is_active or not assigning.up_to_today(by, at=at).has_role(*MAY):
        raise NotForKeys(_("Only an administrator or the international organization changes signing keys."))
    ensure_right(by, password, field="password")
    proposal = Proposal(
        kind=SIGNING_KEY, subject=_subject(change), content=_content(change), on_record=_on_record(keys)
    )
    return deciding.propose(proposal, by=by, at=at, reason=reason)


def agree(approval_id: int, *, by: User, at: datetime, reason: str = "") -> Approval:
    """Say yes to a change of the keys; whoever called the command calls it again, and it is done. Raises what
    `deciding.approve` does."""
    return deciding.approve(approval_id, by=by, at=at, reason=reason)


def _subject(change: KeyChange) -> str:
    return f"{change.verb} {change.key or change.signs_from}".strip()


def _content(change: KeyChange) -> Texts:
    return {"verb": change.verb, "key": change.key, "signs_from": change.signs_from}


def _on_record(keys: Sequence[str]) -> Texts:
    return dict.fromkeys(keys, "")
