from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tir.audit"
    label = "audit"
