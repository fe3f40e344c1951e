"""The table of who may call what: public routes first, all answering the same to everybody; then the admin."""

from django.contrib import admin
from django.urls import path

from layers.ogc import features, tiles

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

urlpatterns = [
    *machines,
    path("quan-tri/", admin.site.urls),
]
