"""The table of who may call what: public routes first, all answering the same to everybody; then the
desk and the admin, private and never cached."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from layers.ogc import features, tiles
from layers.pages import service

machines = [
    path("ogc", features.landing),
    path("conformance", features.conformance),
    path("collections", features.collections),
    path("collections/<str:collection_id>", features.collection),
    path("collections/<str:collection_id>/queryables", features.queryables),
    path("collections/<str:collection_id>/items", features.items),
    path("collections/<str:collection_id>/items/<str:key>", features.item),
    path("collections/<str:collection_id>/styles/<str:style_id>", features.style),
    path("collections/<str:collection_id>/tiles/<str:matrix_set>", tiles.tilejson),
    # tiles themselves are answered by the middleware layers.ogc.tiles.tiles_first
]

keepers = [
    path("robots.txt", service.robots),
    path("song/", service.alive_check),
]

urlpatterns = [
    *machines,
    *keepers,
    *i18n_patterns(
        path("", include("layers.pages.urls")),
        path("ban-lam-viec/", include("layers.pages.desk_urls")),
        prefix_default_language=False,
    ),
    path("quan-tri/login/", RedirectView.as_view(pattern_name="desk:sign_in", query_string=True)),  # one way in, braked
    path("quan-tri/", admin.site.urls),
]

handler400 = "layers.pages.answers.bad_request"
handler403 = "layers.pages.answers.permission_denied"
handler404 = "layers.pages.answers.not_found"
handler500 = "layers.pages.answers.server_error"
