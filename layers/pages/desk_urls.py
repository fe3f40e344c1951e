"""The desk: private pages, answered for the person who asks and kept by no cache."""

from django.urls import path

from layers.pages import access_log, desk, desk_batches, desk_extracts, desk_jobs, desk_parcels, desk_search

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
    path("trich-luc/<str:number>.pdf", desk_extracts.extract_pdf, name="extract_pdf"),
    path("tra-cuu-loat/", desk_batches.start, name="batches"),
    path("tra-cuu-loat/<str:batch_id>/", desk_batches.batch, name="batch"),
    path("tra-cuu-loat/<str:batch_id>/chon/", desk_batches.choose, name="batch_choose"),
    path("tra-cuu-loat/<str:batch_id>/nhan/", desk_batches.accept, name="batch_accept"),
    path("tra-cuu-loat/<str:batch_id>/goi/", desk_batches.pack, name="batch_pack"),
    path("tra-cuu-loat/<str:batch_id>/ket-qua.xlsx", desk_batches.table, name="batch_table"),
    path("viec/", desk_jobs.jobs, name="jobs"),
    path("viec/<str:job_id>.json", desk_jobs.job_json, name="job_json"),
    path("viec/<str:job_id>/dung/", desk_jobs.stop, name="job_stop"),
    path("viec/<str:job_id>/tep/<str:name>", desk_jobs.file, name="job_file"),
    path("nhat-ky/", access_log.access_log, name="access_log"),
    path("nhat-ky/bat-thuong/", access_log.unusual_looks, name="unusual"),
]
