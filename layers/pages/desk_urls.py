"""The desk: private pages, answered for the person who asks and kept by no cache."""

from django.urls import path

from layers.pages import (
    access_log,
    desk,
    desk_batches,
    desk_extracts,
    desk_files,
    desk_jobs,
    desk_owners,
    desk_papers,
    desk_parcels,
    desk_picker,
    desk_search,
    desk_selections,
)

app_name = "desk"

PARCEL = "thua-dat/<str:area_key>/<str:sheet>/<str:number>"

urlpatterns = [
    path("", desk.home, name="home"),
    path("dang-nhap/", desk.sign_in, name="sign_in"),
    path("dang-xuat/", desk.sign_out, name="sign_out"),
    path("co-quan/", desk.choose, name="choose"),
    path("tro-giup/", desk.help_page, name="help"),
    path("thua-dat/", desk_search.search, name="parcels"),
    path("thua-dat.json", desk_search.search_json, name="parcels_json"),
    path("thua-dat/to.json", desk_picker.sheets_json, name="sheets_json"),
    path("thua-dat/so.json", desk_picker.numbers_json, name="numbers_json"),
    path(f"{PARCEL}.json", desk_parcels.parcel_json, name="parcel_json"),
    path(f"{PARCEL}/", desk_parcels.parcel, name="parcel"),
    path(f"{PARCEL}/quy-hoach.json", desk_parcels.plan_json, name="plan_json"),
    path(f"{PARCEL}/quy-hoach.pdf", desk_papers.plan_pdf, name="plan_pdf"),
    path(f"{PARCEL}/quy-hoach/", desk_parcels.plan_sheet, name="plan"),
    path(f"{PARCEL}/dien-san.json", desk_papers.prefill_json, name="prefill_json"),
    path(f"{PARCEL}/dien-san.pdf", desk_papers.prefill_pdf, name="prefill_pdf"),
    path(f"{PARCEL}/dien-san/", desk_papers.prefill_page, name="prefill"),
    path(f"{PARCEL}/trich-luc/", desk_extracts.extract, name="extract"),
    path("doi-tuong/<str:collection_id>/<str:key>/", desk_parcels.anywhere, name="anywhere"),
    path("trich-luc/<str:number>.pdf", desk_extracts.extract_pdf, name="extract_pdf"),
    path("chon/", desk_selections.selections_page, name="selections"),
    path("chon/<uuid:selection_id>/", desk_selections.selection_page, name="selection"),
    path("chon/<uuid:selection_id>.json", desk_selections.selection_json, name="selection_json"),
    path("chon/<uuid:selection_id>/vi-tri.json", desk_selections.places_json, name="selection_places"),
    path("chon/<uuid:selection_id>/hoi/", desk_selections.ask, name="selection_ask"),
    path("chon/<uuid:selection_id>/luu/", desk_selections.save, name="selection_save"),
    path("chon/<uuid:selection_id>/bo/", desk_selections.discard, name="selection_discard"),
    path("chon/<uuid:selection_id>/tep/", desk_files.selection_file, name="selection_file"),
    path("chon/<uuid:selection_id>/buoc/<str:verb>/", desk_selections.step, name="selection_step"),
    path("chu-su-dung/", desk_owners.owners, name="owners"),
    path("tra-cuu-loat/", desk_batches.start, name="batches"),
    path("tra-cuu-loat/<str:batch_id>/", desk_batches.batch, name="batch"),
    path("tra-cuu-loat/<str:batch_id>/chon/", desk_batches.choose, name="batch_choose"),
    path("tra-cuu-loat/<str:batch_id>/nhan/", desk_batches.accept, name="batch_accept"),
    path("tra-cuu-loat/<str:batch_id>/goi/", desk_batches.pack, name="batch_pack"),
    path("tra-cuu-loat/<str:batch_id>/lua-chon/", desk_files.batch_selection, name="batch_selection"),
    path("tra-cuu-loat/<str:batch_id>/ket-qua.xlsx", desk_batches.table, name="batch_table"),
    path("viec/", desk_jobs.jobs, name="jobs"),
    path("viec/<str:job_id>.json", desk_jobs.job_json, name="job_json"),
    path("viec/<str:job_id>/dung/", desk_jobs.stop, name="job_stop"),
    path("viec/<str:job_id>/tep/<str:name>", desk_jobs.file, name="job_file"),
    path("nhat-ky/", access_log.access_log, name="access_log"),
    path("nhat-ky/bat-thuong/", access_log.unusual_looks, name="unusual"),
]
