from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "tir.log"
    label = "log"
