"""The desk: private pages, answered for the person who asks and kept by no cache."""

from django.urls import path

from layers.pages import access_log, desk, desk_extracts, desk_parcels, desk_search

app_name = "desk"

PARCEL = "thua-dat/<str:area_key>/<str:sheet>/<str:number>"

urlpatterns = [
    path("", desk.home, name="home"),
    path("dang-nhap/", desk.sign_in, name="sign_in"),
    path("dang-xuat/", desk.sign_out, name="sign_out"),
    path("co-quan/", desk.choose, name="choose"),
    path("thua-dat/", desk_search.search, name="parcels"),
    path("thua-dat.json", desk_search.search_json, name="parcels_json"),
    path(f"{PARCEL}.json", desk_parcels.parcel_json, name="parcel_json"),
    path(f"{PARCEL}/", desk_parcels.parcel, name="parcel"),
    path(f"{PARCEL}/quy-hoach.json", desk_parcels.plan_json, name="plan_json"),
    path(f"{PARCEL}/quy-hoach/", desk_parcels.plan_sheet, name="plan"),
    path(f"{PARCEL}/trich-luc/", desk_extracts.extract, name="extract"),
    path("doi-tuong/<str:collection_id>/<str:key>/", desk_parcels.anywhere, name="anywhere"),
    path("trich-luc/<str:number>.pdf", desk_extracts.extract_pdf, name="extract_pdf"),
    path("nhat-ky/", access_log.access_log, name="access_log"),
    path("nhat-ky/bat-thuong/", access_log.unusual_looks, name="unusual"),
]
