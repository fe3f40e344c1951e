"""The cast of tests about rights: Alice and Charlie look up parcels, each in a town of their own; Bob reviews;
Sue watches over Alice's agency; Dana is the public."""

from __future__ import annotations

from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from layers.access import people
from layers.access.models import Membership
from layers.access.personal import Inquiry
from layers.access.reader import Reader
from layers.access.roles import Role
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.parcels.models import Parcel, Party, Right
from tests.factories import given, rectangle

PASSWORD = "bảy-con-cá-cơm-khô"
PHAN_THIET, LA_GI = "bt-593-vpdk", "bt-594-vpdk"
MUI_NE, HAM_TIEN, PHUOC_HOI = "22915-2015-45-123", "22918-2015-1-1", "23231-2015-7-8"  # parcels
OWNER, OWNER_NO = "Nguyễn Thị Bí Mật", "060180012345"
WHY = Inquiry("dossier", "Giải quyết hồ sơ tách thửa", "H08.12-251120-0001", "192.0.2.7")


def given_land() -> None:
    """Two towns with their communes, three parcels, and the owner of all of them."""
    far = (440000.0, 1180000.0)
    given(
        Area,
        {"key": "593-2015", "code": "593", "level": "district", "name_vi": "Phan Thiết", "geom": None},
        {"key": "594-2015", "code": "594", "level": "district", "name_vi": "La Gi", "geom": None},
        _commune("22915-2015", "Mũi Né", "593-2015"),
        _commune("22918-2015", "Hàm Tiến", "593-2015"),
        _commune("23231-2015", "Phước Hội", "594-2015"),
        {"key": "22918-2025", "name_vi": "Mũi Né", "parent_key": "68-2025"},
    )
    given(Succession, {}, {"from_key": "22918-2015"})
    given(Agency, {"key": PHAN_THIET, "code": "A", "name_vi": "Chi nhánh Phan Thiết"},
          {"key": LA_GI, "code": "B", "name_vi": "Chi nhánh La Gi"})  # fmt: skip
    given(
        Parcel,
        {},
        {"key": HAM_TIEN, "area_key": "22918-2015", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93w86",
         "geom": rectangle(at=(456400.0, 1208622.0))},
        {"key": PHUOC_HOI, "area_key": "23231-2015", "sheet_no": 7, "parcel_no": 8, "geohash": "w3uy5vt93w87",
         "geom": rectangle(at=far)},
    )  # fmt: skip
    given(Party, {"name": OWNER, "identity_no": OWNER_NO})
    given(Right, *({"key": f"r-{key}", "parcel_key": key} for key in (MUI_NE, HAM_TIEN, PHUOC_HOI)))


def _commune(key: str, name: str, parent: str) -> dict[str, object]:
    return {"key": key, "code": key[:5], "name_vi": name, "full_name_vi": f"Phường {name}",
            "parent_key": parent, "valid_from": date(2015, 5, 16),
            "valid_to": date(2025, 7, 1)}  # fmt: skip


def person(name: str, **fields: object) -> User:
    return get_user_model().objects.create_user(name, password=PASSWORD, **fields)


def membership(user: User, agency: str, role: Role, *areas: str, **fields: object) -> Membership:
    given = {"valid_from": date(2025, 7, 1), "whole_province": not areas, "area_keys": list(areas)} | fields
    return Membership.objects.create(user=user, agency_key=agency, role=role, **given)


def _acts(name: str, agency: str, role: Role, *areas: str, **fields: object) -> Reader:
    user = person(name, **fields)
    return people.reader_of(user.pk, membership(user, agency, role, *areas).pk)


def alice() -> Reader:
    return _acts("alice", PHAN_THIET, Role.OFFICER, "593-2015", last_name="Lê", first_name="Alice")


def bob() -> Reader:
    return _acts("bob", PHAN_THIET, Role.REVIEWER, "593-2015")


def charlie() -> Reader:
    return _acts("charlie", LA_GI, Role.OFFICER, "594-2015")


def sue() -> Reader:
    return _acts("sue", PHAN_THIET, Role.SUPERVISOR, "593-2015")


def signed_in(name: str, **headers: str) -> Client:
    """A client that signed in through the form as `name`, who has one membership or will choose."""
    client = Client(**headers)
    answer = client.post("/ban-lam-viec/dang-nhap/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client
