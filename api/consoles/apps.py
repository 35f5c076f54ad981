from django.apps import AppConfig


class ConsolesConfig(AppConfig):
    name = "api.consoles"
    label = "consoles"
