"""The Django project. The Celery application is loaded with it, so that every process queues to our broker."""

from tir.celery import app as celery_app

__all__ = ["celery_app"]
