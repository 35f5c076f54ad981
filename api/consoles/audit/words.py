"""What people did, in words: the verbs of audit events, which are codes in the API, in files and in `docs/audit.md`."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import pgettext_lazy

VERBS: Final[Mapping[str, Any]] = {
    "accept": pgettext_lazy("audit", "accepted"),
    "acknowledge": pgettext_lazy("audit", "acknowledged"),
    "add": pgettext_lazy("audit", "entered"),
    "answer": pgettext_lazy("audit", "answered"),
    "apply": pgettext_lazy("audit", "applied"),
    "approve": pgettext_lazy("audit", "approved"),
    "ask": pgettext_lazy("audit", "asked"),
    "authorise": pgettext_lazy("audit", "authorised"),
    "be_refused": pgettext_lazy("audit", "was refused"),
    "change": pgettext_lazy("audit", "changed"),
    "confirm": pgettext_lazy("audit", "confirmed"),
    "contest": pgettext_lazy("audit", "contested"),
    "correct": pgettext_lazy("audit", "corrected"),
    "cosign": pgettext_lazy("audit", "cosigned"),
    "deactivate": pgettext_lazy("audit", "closed"),
    "demand": pgettext_lazy("audit", "demanded payment"),
    "end": pgettext_lazy("audit", "ended"),
    "enrol": pgettext_lazy("audit", "enrolled"),
    "exclude": pgettext_lazy("audit", "proposed to exclude"),
    "export": pgettext_lazy("audit", "took away as a file"),
    "forward": pgettext_lazy("audit", "forwarded"),
    "give": pgettext_lazy("audit", "gave"),
    "hand_over": pgettext_lazy("audit", "handed over"),
    "import": pgettext_lazy("audit", "entered from a file"),
    "invalidate": pgettext_lazy("audit", "invalidated"),
    "invite": pgettext_lazy("audit", "invited"),
    "issue": pgettext_lazy("audit", "issued"),
    "lift": pgettext_lazy("audit", "proposed to lift"),
    "look_at": pgettext_lazy("audit", "looked at"),
    "lose": pgettext_lazy("audit", "reported as lost"),
    "make": pgettext_lazy("audit", "made"),
    "new": pgettext_lazy("audit", "added"),
    "note_proceedings": pgettext_lazy("audit", "noted proceedings"),
    "notify": pgettext_lazy("audit", "notified"),
    "notify_holder": pgettext_lazy("audit", "notified the holder"),
    "open": pgettext_lazy("audit", "opened"),
    "pay": pgettext_lazy("audit", "recorded as paid"),
    "reactivate": pgettext_lazy("audit", "opened again"),
    "record_return": pgettext_lazy("audit", "recorded the return"),
    "refuse": pgettext_lazy("audit", "refused"),
    "reimburse": pgettext_lazy("audit", "recorded as paid back"),
    "remove": pgettext_lazy("audit", "removed"),
    "replace": pgettext_lazy("audit", "replaced"),
    "report_found": pgettext_lazy("audit", "reported as found"),
    "report_lost": pgettext_lazy("audit", "reported as lost or stolen"),
    "reset": pgettext_lazy("audit", "chose anew"),
    "resolve": pgettext_lazy("audit", "resolved"),
    "resume": pgettext_lazy("audit", "lifted the suspension"),
    "revoke": pgettext_lazy("audit", "revoked"),
    "rotate": pgettext_lazy("audit", "rotated"),
    "search": pgettext_lazy("audit", "searched"),
    "set_quota": pgettext_lazy("audit", "set the quota"),
    "set_up": pgettext_lazy("audit", "set up"),
    "settle": pgettext_lazy("audit", "settled"),
    "sign_in": pgettext_lazy("audit", "signed in"),
    "sign_out": pgettext_lazy("audit", "signed out"),
    "start": pgettext_lazy("audit", "started"),
    "suspend": pgettext_lazy("audit", "suspended"),
    "withdraw": pgettext_lazy("audit", "withdrew"),
    "write": pgettext_lazy("audit", "wrote"),
}


def said(verb: str) -> str:
    """Return a verb in the reader's language; one of another release as it is, without its underscores."""
    return str(VERBS.get(verb) or verb.replace("_", " "))
