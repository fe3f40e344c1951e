"""The desk: private pages, answered for the person who asks and kept by no cache."""

from django.urls import path

from layers.pages import access_log, desk

app_name = "desk"

urlpatterns = [
    path("", desk.home, name="home"),
    path("dang-nhap/", desk.sign_in, name="sign_in"),
    path("dang-xuat/", desk.sign_out, name="sign_out"),
    path("co-quan/", desk.choose, name="choose"),
    path("nhat-ky/", access_log.access_log, name="access_log"),
    path("nhat-ky/bat-thuong/", access_log.unusual_looks, name="unusual"),
]
