from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tir.kernel"
    label = "kernel"
