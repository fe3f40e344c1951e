"""Every public page: it says what it should, the same to everybody, in both languages, whatever the address holds."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.collections.agencies.models import Agency
from layers.collections.documents.models import Document
from layers.collections.parcels.models import ParcelLineage
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.tourism_sites.models import TourismSite
from tests.factories import given

pytestmark = pytest.mark.django_db

PAGES = (
    "/", "/?loc=beach,natural", "/dia-diem/", "/dia-diem/doi-cat-do/", "/dia-diem/noi-nao/", "/co-quan/",
    "/co-quan/?cu=1", "/co-quan/ld-snnmt/", "/co-quan/bt-593-ubnd/", "/don-vi/", "/don-vi/?ngay=2015-06-01",
    "/don-vi/22918/", "/don-vi/22918/2025/", "/don-vi/593/2015/", "/thua-dat/", "/thua-dat/?xa=22915-2015",
    "/thua-dat/?xa=22915-2015&to=45", "/thua-dat/22915-2015/45/123/", "/quy-hoach/", "/quy-hoach/zone-1/",
    "/thu-tuc/", "/thu-tuc/1.012784/", "/lop-du-lieu/", "/tro-giup/", "/tro-giup/du-lieu-mo/", "/tiep-can/",
)  # fmt: skip


def text(response) -> str:
    """What people read, without markup, scripts and runs of blanks."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


ADDRESSES = tuple(prefix + address for prefix in ("", "/en") for address in PAGES)


def test_every_page_answers_the_same_to_everybody(client, catalogue):
    """Alice, who may do everything, gets the same bytes as Dana, the public."""
    to_dana = {}
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response["Cache-Control"] == "public, max-age=60", address
        assert "Cookie" not in response.get("Vary", ""), address
        assert not response.cookies, address
        to_dana[address] = response.content
    client.force_login(User.objects.create_superuser("alice", password="a long pass phrase"))
    for address in ADDRESSES:
        assert client.get(address).content == to_dana[address], address


def test_nothing_is_inline_or_from_another_host(client, catalogue):
    for address in PAGES:
        html = client.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), address
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all("src=" in found or 'type="application/' in found for found in scripts), address
        assert not re.search(r'(src|hx-get|action)="(https?:)?//', html), address
        assert not re.search(r'<link[^>]+href="https?://(?!testserver/)', html), address


def test_the_page_exists_in_both_languages(client, province):
    vi, en = client.get("/dia-diem/doi-cat-do/"), client.get("/en/dia-diem/doi-cat-do/")
    assert '<html lang="vi">' in vi.content.decode()
    assert '<html lang="en">' in en.content.decode()
    assert "Đồi Cát Đỏ" in text(vi)
    assert "Red Sand Dunes" in text(en)
    assert "Information" in text(en)
    assert "Thông tin" not in text(en)
    assert 'href="/en/dia-diem/doi-cat-do/" hreflang="en"' in vi.content.decode()
    assert 'href="/dia-diem/doi-cat-do/" hreflang="vi"' in en.content.decode()


def test_an_english_page_has_no_vietnamese_interface(client, catalogue):
    """Names and legal texts stay Vietnamese; the words of the interface do not."""
    for address in PAGES:
        read = text(client.get("/en" + address))
        for words in ("Thủ tục liên quan", "Chưa đủ dữ liệu", "Vì sao hiện", "chưa kiểm chứng", "xấp xỉ", "Trang đầu",
                      "Bản đồ cần", "dữ liệu tổng hợp", "đến hết", "Trực tiếp"):  # fmt: skip
            assert words not in read, (address, words)


BAD = (
    "/?loc=xyz", "/?trang=999999999999999999", "/?trang=-1", "/?trang=abc", "/?trang=%00", "/?loc=%00",
    "/dia-diem/?trang=0", "/dia-diem/nope/", "/dia-diem/a%00b/", "/dia-diem/nope.json", "/co-quan/x%00/",
    "/co-quan/?loai=%00", "/don-vi/99999/", "/don-vi/%00/", "/don-vi/22918/1800/", "/don-vi/22918/%00/",
    "/don-vi/?ngay=2015-13-41", "/don-vi/?ngay=99999-01-01", "/don-vi/?ngay=1/2/3/4",
    "/thua-dat/?xa=22915-2015&to=x", "/thua-dat/?xa=22915-2015&to=1&thua=x",
    "/thua-dat/22915-2015/1e9/1/", "/thua-dat/22915-2015/99999999999999999999/1/", "/thua-dat/%00/1/1/",
    "/thua-dat/22915-2015/999999999/999999999/", "/quy-hoach/nope/", "/quy-hoach/?tinh-trang=x", "/quy-hoach/%00.json",
    "/thu-tuc/x/", "/thu-tuc/%00/", "/thu-tuc/9.999999.jsonld", "/thu-tuc/?linh-vuc=x", "/doi-tuong/nope/x/",
    "/doi-tuong/areas/x/", "/doi-tuong/parcels/1/", "/doi-tuong/tourism_sites/%00/", "/khong-co/",
    "/dia-diem/" + "a" * 5000 + "/", "/don-vi/" + "9" * 5000 + "/", "/thua-dat/" + "9" * 3000 + "/1/1/",
)  # fmt: skip


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_a_bad_address_is_a_page_that_is_not_kept(client, catalogue, headers):
    for address in BAD:
        response = client.get(address, headers=headers)
        assert response.status_code in (400, 404), (address[:80], response.status_code)
        assert response["Cache-Control"] == "no-store", address[:80]


def test_bytes_that_no_text_holds_do_no_harm(client, province):
    for address in ("/thua-dat/?xa=%00&to=1", "/thu-tuc/?q=%00", "/co-quan/?cu=%00"):
        assert client.get(address).status_code in (200, 400), address


def test_pages_are_only_read(client, province):
    response = client.post("/dia-diem/doi-cat-do/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_home_filters_list_and_map_together(client, province):
    response = client.get("/?loc=beach")
    read = text(response)
    assert "1 địa điểm" in read
    assert "Bãi Rạng" in read
    assert "Đồi Cát Đỏ" not in read
    config = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', response.content.decode())[1])
    assert config["filter"] == {"category": ["beach"]}
    assert {"tourism_sites", "agencies", "areas", "parcels"} <= {found["id"] for found in config["collections"]}


def test_the_panel_alone_is_answered_to_a_script(client, province):
    response = client.get("/?loc=beach", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert "HX-Request" in response["Vary"]
    state = json.loads(unescape(re.search(r'data-map-state="([^"]+)"', html)[1]))
    assert state["filter"] == {"category": ["beach"]}
    assert 'data-announce="1 địa điểm"' in html
    assert 'data-feature="tourism_sites/bai-rang"' in html


def test_places_go_by_vietnamese_letters_in_pages(client, province):
    html = client.get("/dia-diem/").content.decode()
    assert html.index("Bãi Rạng") < html.index("Đâu Đó") < html.index("Đồi Cát Đỏ")


def test_the_list_is_paged(client, db):
    given(TourismSite, *({"key": f"s{n:03}", "name_vi": f"Nơi {n:03}"} for n in range(45)))
    assert "41–45 / 45" in text(client.get("/?trang=3"))
    assert "Nơi 044" in text(client.get("/?trang=3"))
    assert client.get("/?trang=4").status_code == 404


def asked(client, address: str) -> int:
    """How many statements the page takes."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


def test_a_page_asks_the_database_as_often_for_many_as_for_few(client, catalogue):
    lists = ("/", "/dia-diem/", "/co-quan/?cu=1", "/don-vi/", "/quy-hoach/", "/thu-tuc/",
             "/thua-dat/?xa=22915-2015&to=45")  # fmt: skip
    features = ("/dia-diem/doi-cat-do/", "/co-quan/bt-593-ubnd/", "/don-vi/22918/2025/", "/thua-dat/22915-2015/45/123/",
                "/quy-hoach/zone-1/")  # fmt: skip
    before = {address: asked(client, address) for address in lists + features}
    here = {"area_2025_code": "22918", "commune_2015_key": "22918-2015"}
    given(TourismSite, *(here | {"key": f"s{n:03}", "name_vi": f"Nơi {n:03}"} for n in range(15)))
    given(Agency, *({"key": f"a{n:03}", "code": f"A{n}", "area_key": "22918-2025"} for n in range(15)))
    given(PlanningZone, *({"key": f"z{n:03}"} for n in range(15)))
    after = {address: asked(client, address) for address in lists + features}
    assert after["/don-vi/22918/2025/"] <= before["/don-vi/22918/2025/"] + 1  # agencies, now that there are some
    del before["/don-vi/22918/2025/"], after["/don-vi/22918/2025/"]
    assert after == before
    assert max(after[address] for address in lists) <= 5
    assert max(after.values()) <= 18


def test_unverified_hours_and_prices_are_not_shown(client, province):
    response = client.get("/dia-diem/bai-rang/")
    assert "07:00" not in text(response)
    assert "99999" not in text(response)
    assert "chưa có thông tin được kiểm chứng" in text(response)
    assert "vị trí chưa kiểm chứng" in text(response)


def test_a_place_tells_its_former_ward_and_until_when(client, province):
    assert "trước đây: Phường Hàm Tiến , Thành phố Phan Thiết" in text(client.get("/dia-diem/doi-cat-do/")).replace(
        "Hàm Tiến,", "Hàm Tiến ,"
    )
    assert "đến hết 30/06/2025" in text(client.get("/dia-diem/doi-cat-do/"))
    assert "until 30 June 2025" in text(client.get("/en/dia-diem/doi-cat-do/"))


def test_a_place_without_position_has_no_map(client, province):
    html = client.get("/dia-diem/noi-nao/").content.decode()
    assert "data-map-config" not in html
    assert "chưa rõ vị trí" in html


def test_text_from_data_never_becomes_markup(client, province):
    html = client.get("/dia-diem/doi-cat-do/").content.decode()
    assert "<b>list</b>" not in html
    assert "&lt;b&gt;list&lt;/b&gt;" in html


def test_structured_data_says_what_the_page_says(client, province):
    html = client.get("/dia-diem/doi-cat-do/").content.decode()
    data = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])
    assert (data["@type"], data["name"]) == ("TouristAttraction", "Đồi Cát Đỏ")
    assert data["geo"]["latitude"] == pytest.approx(10.949296)


def test_an_ended_agency_says_until_when_and_who_followed(client, province):
    read = text(client.get("/co-quan/bt-ubnd/"))
    assert "đã kết thúc , hoạt động đến hết 30/06/2025" in read
    assert "Việc của cơ quan nay do: Ủy ban nhân dân tỉnh Lâm Đồng" in read
    district = text(client.get("/co-quan/bt-593-ubnd/"))
    assert "Việc của cơ quan nay do:" not in district
    assert "Xã, phường hôm nay trên địa bàn cũ" in district
    assert "ghi theo trí nhớ, chưa kiểm chứng" in district


def test_an_unverified_website_says_so(client, province):
    assert re.search(r"https://lamdong.gov.vn chưa kiểm chứng", text(client.get("/co-quan/ld-ubnd/")))


def test_units_of_a_day(client, province):
    assert "Ngày 01/06/2015: 3 xã" in text(client.get("/don-vi/?ngay=2015-06-01"))
    assert "Ngày 30/06/2025: 3 xã" in text(client.get("/don-vi/?ngay=30/6/2025"))
    assert "Ngày 01/07/2025: 3 xã" in text(client.get("/don-vi/?ngay=2025-07-01"))
    assert "Chưa có danh sách cho ngày này" in text(client.get("/don-vi/?ngay=2001-01-01"))


def test_a_code_that_named_two_units_tells_them_apart(client, province):
    read = text(client.get("/don-vi/22918/"))
    assert "những đơn vị có tên khác nhau" in read
    assert "16/05/2015 – 30/06/2025 Phường Hàm Tiến" in read
    assert "Phường Mũi Né" in read
    kept = text(client.get("/don-vi/23053/"))
    assert "giữ tên" in kept
    assert client.get("/don-vi/22915/").headers["Location"] == "/don-vi/22915/2015/"
    assert client.get("/en/don-vi/22915/").headers["Location"] == "/en/don-vi/22915/2015/"


def test_a_former_unit_says_what_it_became(client, province):
    read = text(client.get("/don-vi/22918/2015/"))
    assert "là đơn vị cũ: 16/05/2015 – 30/06/2025" in read
    assert "Nay là: Phường Mũi Né" in read
    assert "1671/NQ-UBTVQH15" in read
    today = text(client.get("/don-vi/22918/2025/"))
    assert "lập từ Phường Mũi Né" in today
    assert "Đồi Cát Đỏ" in today
    assert "không có đơn vị kế tục trực tiếp" in text(client.get("/don-vi/593/2015/"))


def test_a_parcel_page_tells_both_areas_and_never_an_owner(client, catalogue):
    response = client.get("/thua-dat/22915-2015/45/123/")
    read = text(response)
    assert "Diện tích pháp lý 990 m²" in read
    assert "Diện tích đo đạc 1.000 m²" in read
    assert "lớn hơn diện tích pháp lý 10 m² (1 %)" in read
    assert "CLN Đất trồng cây lâu năm" in read
    assert "Chỉ có giá trị tham khảo" in read
    assert "Dữ liệu tổng hợp" in read
    assert "Khi lập bản đồ Phường Mũi Né" in read
    base = "/thua-dat/22915-2015/45/123"
    for address in (f"{base}/", f"{base}.json", "/thua-dat/?xa=22915-2015&to=45"):
        body = client.get(address).content.decode()
        assert "Mẫu Thử" not in body
        assert "000-MAU" not in body


def test_numbers_are_written_as_each_language_does(client, province):
    assert "1.000 m²" in text(client.get("/thua-dat/22915-2015/45/123/"))
    assert "1,000 m²" in text(client.get("/en/thua-dat/22915-2015/45/123/"))


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/thua-dat/22915-2015/46/1/", "không có tờ bản đồ số 46"),
        ("/thua-dat/22915-2015/45/999/", "trong tờ đó không có thửa 999"),
        ("/thua-dat/22918-2015/45/123/", "chưa được số hóa"),
        ("/thua-dat/12345-2015/45/123/", "Không có đơn vị hành chính nào"),
    ],
)
def test_what_is_missing_of_a_parcel_is_told(client, province, address, answer):
    response = client.get(address)
    assert response.status_code == 404
    assert answer in text(response)
    in_json = client.get(address.rstrip("/") + ".json")
    assert in_json.status_code == 404
    assert answer in in_json.json()["detail"]


def test_a_number_asked_of_todays_unit_offers_the_former_one(client, province):
    response = client.get("/thua-dat/22918-2025/45/123/")
    assert response.status_code == 404
    assert 'href="/thua-dat/22915-2015/45/123/"' in response.content.decode()


def test_a_retired_number_is_gone_and_names_what_follows(client, province):
    response = client.get("/thua-dat/22915-2015/45/124/")
    assert response.status_code == 410
    assert "đã hủy số từ ngày 01/03/2026" in text(response)
    assert 'href="/thua-dat/22915-2015/45/125/"' in response.content.decode()


def test_a_retired_number_says_by_which_document_it_ended(client, province):
    given(Document, {"issued_on": None})
    given(ParcelLineage, {"parent_key": "22915-2015-45-124", "child_key": "22915-2015-45-123", "kind": "merge",
                          "effective": date(2026, 3, 1), "document_key": "qd-1"})  # fmt: skip

    response = client.get("/thua-dat/22915-2015/45/124/")
    english = client.get("/en/thua-dat/22915-2015/45/124/")
    told = client.get("/thua-dat/22915-2015/45/124.json")

    assert response.status_code == english.status_code == told.status_code == 410
    assert "Hợp thửa ngày 01/03/2026 theo Quyết định MẪU-001/QĐ." in text(response)
    assert "Merge on 1 March 2026 by Decision MẪU-001/QĐ." in text(english)
    page = response.content.decode()
    assert 'href="/thua-dat/22915-2015/45/123/"' in page, "lineage goes before land"
    assert 'href="/thua-dat/22915-2015/45/125/"' not in page
    assert told.json()["successors"] == ["http://testserver/thua-dat/22915-2015/45/123/"]


def test_retired_numbers_are_not_counted_among_those_of_a_sheet(client, province):
    assert "Tờ 45: 2 thửa" in text(client.get("/thua-dat/?xa=22915-2015&to=45"))
    page = client.get("/thua-dat/?xa=22915-2015&to=45").content.decode()
    assert "45/123/" in page and "45/124/" not in page


def test_the_parcel_form_leads_to_the_parcel(client, province):
    assert client.get("/thua-dat/?xa=22915-2015&to=45&thua=123").headers["Location"] == "/thua-dat/22915-2015/45/123/"
    assert "chưa được số hóa trên bản đồ" in text(client.get("/thua-dat/?xa=22918-2015"))


def test_a_province_that_keeps_its_parcels_to_itself_shows_none(client, province, settings):
    settings.PUBLIC_PARCELS = False
    for address in ("/thua-dat/", "/thua-dat/22915-2015/45/123/", "/thua-dat/22915-2015/45/123.json"):
        assert client.get(address).status_code == 403
    assert "parcels" not in client.get("/").content.decode().split("map-config")[-1]


def test_a_click_on_the_map_gets_the_card_and_the_address_of_the_page(client, catalogue):
    for found, url in (
        ("tourism_sites/doi-cat-do", "/dia-diem/doi-cat-do/"),
        ("areas/22918-2025", "/don-vi/22918/2025/"),
        ("parcels/22915-2015-45-123", "/thua-dat/22915-2015/45/123/"),
        ("planning_zones/zone-1", "/quy-hoach/zone-1/"),
        ("agencies/ld-ubnd", "/co-quan/ld-ubnd/"),
    ):
        assert client.get(f"/doi-tuong/{found}/").headers["Location"] == url
        card = client.get(f"/en/doi-tuong/{found}/", headers={"HX-Request": "true"})
        assert card.headers["HX-Push-Url"] == f"/en{url}"
        assert "<html" not in card.content.decode()
        state = json.loads(unescape(re.search(r'data-map-state="([^"]+)"', card.content.decode())[1]))
        assert f"{state['selected']['collection']}/{state['selected']['key']}" == found
        again = client.get(f"/en{url}", headers={"HX-Request": "true"})
        assert again.content == card.content
        assert "HX-Push-Url" not in again.headers


def test_errors_are_pages_even_without_a_database(client, db, monkeypatch):
    from django.db.backends.utils import CursorWrapper
    from django.db.utils import OperationalError

    def refuse(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(CursorWrapper, "execute", refuse)
    response = client.get("/")
    assert response.status_code == 503
    assert "Dữ liệu tạm thời chưa trả lời" in text(response)
    assert client.get("/song/").status_code == 503


def test_a_fault_of_ours_is_a_page(client, db, monkeypatch):
    from layers.pages import sites

    monkeypatch.setattr(sites, "listing", lambda *a, **k: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/")
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert "Có lỗi ở phía chúng tôi" in text(response)


def test_whoever_watches_is_told(client, db):
    response = client.get("/song/")
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok\n", "no-store")
    robots = client.get("/robots.txt").content.decode()
    for page in ("/quan-tri/", "/ban-lam-viec/", "/en/ban-lam-viec/", "/kiem-chung/", "/en/kiem-chung/", "/tim/"):
        assert f"Disallow: {page}\n" in robots


def test_the_layers_page_names_source_licence_and_downloads(client, province):
    response = client.get("/lop-du-lieu/")
    assert 'href="/collections/tourism_sites/items?limit=1000"' in response.content.decode()
    assert "Giấy phép" in text(response)
