from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "integration_hub.core"
    label = "core"
    verbose_name = "Floor"
    default_auto_field = "django.db.models.BigAutoField"
