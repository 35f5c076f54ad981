"""What several tables share: rows that the ledger names stay."""

import pgtrigger


def stays(name: str) -> pgtrigger.Protect:
    """A row that the ledger names is never deleted and keeps its key."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"))
