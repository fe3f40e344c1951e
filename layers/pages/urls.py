"""Public pages. Each answers the same to everybody; the slugs are the same in every language."""

from django.urls import path

from layers.pages import sites

app_name = "pages"

urlpatterns = [
    path("", sites.home, name="home"),
    path("dia-diem/", sites.sites, name="sites"),
]
