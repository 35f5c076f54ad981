from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        from api.scope import walls  # noqa: PLC0415  (models can be loaded now, and not before)

        # Of this app nothing is migrated, so no migration of it is told; the roles stand once the kernel's were.
        post_migrate.connect(walls.build, sender=apps.get_app_config("kernel"))
