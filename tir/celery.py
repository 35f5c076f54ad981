"""The Celery application. Tasks live in each app's `tasks.py`; what runs when stands in `tir.settings`.

A task that a request asked for carries the request's id, and who asked, so that its lines can be found by it.
"""

import os
from time import monotonic
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, task_postrun, task_prerun
from kombu.exceptions import KombuError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tir.settings")

app = Celery("tir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")

HEADER = "tir_asked"
QUEUE = "celery"
SOON = 0.5  # seconds: whoever asks how the broker is does not wait for it


@before_task_publish.connect
def hand_on(headers: dict[str, Any] | None = None, **_more: Any) -> None:
    """Send along who asks, as far as a line of the log names it."""
    from tir.audit.asking import current  # noqa: PLC0415  (this module is loaded with `tir`, before any other)

    if headers is not None and (asking := current()) is not None:
        headers[HEADER] = asking.facts()


@task_prerun.connect
def take_up(task: Any = None, task_id: str = "", **_more: Any) -> None:
    """Have the lines of a task say which task it is, and whose request asked for it."""
    import structlog  # noqa: PLC0415

    facts = getattr(task.request, HEADER, None) or {}
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, **facts)


@task_postrun.connect
def put_down(**_more: Any) -> None:
    """Forget whose task it was: the process takes up another."""
    import structlog  # noqa: PLC0415

    structlog.contextvars.clear_contextvars()


def messages_waiting() -> int | None:
    """Return how many messages wait for a worker, None where the broker does not answer at once."""
    soon = {"socket_connect_timeout": SOON, "socket_timeout": SOON}
    with app.connection_for_write(transport_options=soon, connect_timeout=SOON) as connection:
        errors: Any = (*connection.connection_errors, *connection.channel_errors)
        away: tuple[type[Exception], ...] = (KombuError, OSError, *errors)
        try:
            connection.connect()
            return _length(connection.default_channel)
        except away:
            return None


def _length(channel: Any) -> int:
    if hasattr(channel, "client"):  # Redis or Valkey: an empty queue is no queue there
        return int(channel.client.llen(QUEUE))
    return int(channel.queue_declare(QUEUE, passive=True).message_count)


WAKE_SECONDS = 0.2  # to connect, and again to hear an answer: whoever asked is waiting
LEFT_ALONE = (
    10.0  # seconds for which a broker that did not answer is not asked again: threads are for who stamps
)
_left_alone_until = 0.0


def wake(task: Any, **kwargs: Any) -> bool:
    """Send a wake-up for work that stands in a table, at once or not at all: False where the broker is away, stands
    still or is slow, or was so a moment ago. Beat finds the work within a minute all the same."""
    global _left_alone_until  # noqa: PLW0603  (one broker for the process)
    if monotonic() < _left_alone_until:
        return False
    options: dict[str, Any] = {"max_retries": 0}
    if app.conf.broker_url.startswith("redis"):
        options |= {"socket_connect_timeout": WAKE_SECONDS, "socket_timeout": WAKE_SECONDS}
    connection = app.connection_for_write(connect_timeout=WAKE_SECONDS, transport_options=options)
    try:
        task.apply_async(kwargs=kwargs, connection=connection, retry=False)
    except OperationalError:
        _left_alone_until = monotonic() + LEFT_ALONE
        return False
    finally:
        connection.release()
    return True
