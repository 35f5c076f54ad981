from django.apps import AppConfig


class CarnetsConfig(AppConfig):
    name = "carnets"
