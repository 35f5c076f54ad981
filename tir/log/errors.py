"""Why the log may refuse to go on: in each case going on would show two people two different logs."""


class LogStopped(Exception):
    """The log cannot go on; the sentence says why, and what to do."""


class RestoredFromBackup(LogStopped):
    """More was signed and seen outside than this database knows of."""


class Forked(LogStopped):
    """What was signed and seen outside is not what this database holds."""


class OutsideCopyMissing(LogStopped):
    """The copy outside the database is gone."""
