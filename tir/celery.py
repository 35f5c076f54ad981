"""The Celery application. Tasks live in each app's `tasks.py`; what runs when stands in `tir.settings`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tir.settings")

app = Celery("tir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
