from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tir.accounts"
    label = "accounts"
