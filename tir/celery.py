"""The Celery application. Tasks live in each app's `tasks.py`; what runs when stands in `tir.settings`."""

import os
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tir.settings")

app = Celery("tir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")

WAKE_SECONDS = 0.2  # to connect, and again to hear an answer: whoever asked is waiting


def wake(task: Any, **kwargs: Any) -> bool:
    """Send a wake-up for work that stands in a table, at once or not at all: False where the broker is away, stands
    still or is slow. Beat finds the work within a minute all the same."""
    options: dict[str, Any] = {"max_retries": 0}
    if app.conf.broker_url.startswith("redis"):
        options |= {"socket_connect_timeout": WAKE_SECONDS, "socket_timeout": WAKE_SECONDS}
    connection = app.connection_for_write(connect_timeout=WAKE_SECONDS, transport_options=options)
    try:
        task.apply_async(kwargs=kwargs, connection=connection, retry=False)
    except OperationalError:
        return False
    finally:
        connection.release()
    return True
