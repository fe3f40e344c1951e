from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = "Bản đồ Bình Thuận"

    def ready(self) -> None:
        from layers import checks  # noqa: F401  registers the house's own checks; models must be loaded first
