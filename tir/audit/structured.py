"""Lines of the log as structured facts, our own and every library's: JSON, or words for a console."""

import sys
from typing import Any, Final

import structlog
from structlog.types import Processor

from tir.audit.asking import with_asking
from tir.audit.lines import without_contents

FIELDS: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    with_asking,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Have structlog hand its lines to the standard library, which writes everybody's."""
    structlog.configure(
        processors=[*FIELDS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_to_stderr(*, form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: one line each, in the `form` `json` or `console`."""
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if form == "console"
        else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": FIELDS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_contents,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"propagate": True},
            "django.request": {
                "level": "ERROR"
            },  # a refusal is one line of ours, with its code and who it was
            "axes": {"level": "ERROR"},
            "celery": {"level": "INFO"},
        },
    }
