"""What of the registers is the reader's to enter, where it comes in a file and not from a form."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from api.consoles.setup.shown import name_of
from api.scope.reader import Reader
from api.scope.registers import ensure_may_enter, ensure_may_give
from tir.kernel.errors import Forbidden
from tir.registers.entering import Register


def against(reader: Reader, register: Register[Any], entry: Any) -> str:
    """Return what speaks against the reader's entering this; blank for nothing."""
    try:
        ensure_may_give(reader, name_of(register.noun))
        ensure_may_enter(reader, register, entry)
    except Forbidden as refused:
        return str(refused.detail)
    except Http404:
        return _("This is not your country's to enter.")
    return ""


def is_for(reader: Reader, register: Register[Any], entry: Any) -> bool:
    """Whether an entry belongs in the reader's pack: everything, or what is their country's."""
    try:
        ensure_may_enter(reader, register, entry)
    except (Forbidden, Http404):
        return False
    return True
