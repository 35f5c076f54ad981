from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "tir.approvals"
    label = "approvals"
