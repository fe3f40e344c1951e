"""Public pages. Each answers the same to everybody; the slugs are the same in every language."""

from django.urls import path

from layers.pages import agencies, areas, features, parcels, procedures, search, service, sites, verify, zones

app_name = "pages"

PARCEL = "thua-dat/<str:area_key>/<str:sheet>/<str:number>"

urlpatterns = [
    path("", sites.home, name="home"),
    path("tim/", search.results, name="search"),
    path("tim/goi-y/", search.suggestions, name="suggest"),
    path("dia-diem/", sites.sites, name="sites"),
    path("dia-diem/<str:key>.json", sites.site_json, name="site_json"),
    path("dia-diem/<str:key>/", sites.site, name="site"),
    path("co-quan/", agencies.agencies, name="agencies"),
    path("co-quan/<str:key>.json", agencies.agency_json, name="agency_json"),
    path("co-quan/<str:key>/", agencies.agency, name="agency"),
    path("don-vi/", areas.areas, name="areas"),
    path("don-vi/<str:code>/", areas.area_code, name="area_code"),
    path("don-vi/<str:code>/<str:year>.json", areas.area_json, name="area_json"),
    path("don-vi/<str:code>/<str:year>/", areas.area_period, name="area_period"),
    path("thua-dat/", parcels.parcels, name="parcels"),
    path(f"{PARCEL}.json", parcels.parcel_json, name="parcel_json"),
    path(f"{PARCEL}/", parcels.parcel, name="parcel"),
    path("quy-hoach/", zones.zones, name="zones"),
    path("quy-hoach/<str:key>.json", zones.zone_json, name="zone_json"),
    path("quy-hoach/<str:key>/", zones.zone, name="zone"),
    path("thu-tuc/", procedures.procedures, name="procedures"),
    path("thu-tuc/<str:code>.jsonld", procedures.procedure_jsonld, name="procedure_jsonld"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("kiem-chung/<str:number>/", verify.verify, name="verify"),
    path("lop-du-lieu/", service.layers, name="layers"),
    path("tro-giup/", service.help_page, name="help"),
    path("tro-giup/du-lieu-mo/", service.open_data, name="open_data"),
    path("tiep-can/", service.accessibility, name="accessibility"),
    path("doi-tuong/<str:collection_id>/<str:key>/", features.anywhere, name="anywhere"),
]
