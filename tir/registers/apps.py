from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "tir.registers"
    label = "registers"
