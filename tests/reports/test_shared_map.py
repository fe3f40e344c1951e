"""The map that is handed out as one file: what it says, to whom it is given, and that nothing in it runs or loads."""

import re
from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from layers.access.reader import PUBLIC
from layers.collections.parcels.models import LandUse
from layers.errors import Invalid, NotAllowed, NotFound, Unavailable
from layers.reports.shared_map import shared_map
from tests.cast import HAM_TIEN, MUI_NE, OWNER, OWNER_NO, PHUOC_HOI, alice
from tests.factories import given
from tests.transfer.parcels import ABOUT, FORMULA, KEYS, OFFICER, given_parcels

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Texts of table rows, addresses of anything that loads, and the elements by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.tags.append(tag)
        self.loads += [value for name, value in attributes if name in ("src", "srcset", "poster", "data")]
        self.loads += [known["href"]] if tag == "link" else []
        assert not [name for name in known if name.startswith("on")], attributes
        if tag == "table":
            self.rows = self.tables.setdefault(known["id"], [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append("".join(self.cell).strip())
            self.cell = None


@pytest.fixture
def land(db):
    given_parcels()
    given(LandUse)


def text(keys=KEYS, about=ABOUT, reader=OFFICER) -> str:
    return shared_map(keys, about, reader).decode()


def test_all_parcels_stand_in_a_table(land):
    page = Page(text())
    heads, *rows = page.tables["parcels"]
    assert [row[0] for row in rows] == ["Thửa 202, tờ 45", "Thửa 123, tờ 45", "Thửa 200, tờ 45", "Thửa 201, tờ 45",
                                        "Thửa 1, tờ 1"]  # fmt: skip
    by_head = [dict(zip(heads, row, strict=True)) for row in rows]
    assert by_head[0]["Hiện trạng"] == FORMULA and by_head[0]["Loại đất trên giấy"] == HOSTILE
    assert (
        by_head[2]["Diện tích pháp lý (m²)"] == "1.234.567.890,5" and by_head[2]["Diện tích đo đạc (m²)"] == "3.071,1"
    )
    assert by_head[3]["Trạng thái"] == "Đã hủy số" and by_head[1]["Tên xã, phường"] == "Phường Mũi Né"


def test_the_legend_counts_and_adds(land):
    _, *uses, total = Page(text()).tables["legend"]
    assert ["ODT", "Đất ở tại đô thị", "3", "3.000,0"] in uses and [
        "NTS",
        "mã không có trong danh mục",
        "1",
        "3.071,1",
    ] in uses
    assert sum(int(use[2]) for use in uses) == 5 and total == ["Tổng cộng", "5", "7.071,1"]


def test_it_says_what_it_is(land):
    words = text()
    for said in ("Xã: Mũi Né; Loại đất: ODT, &lt;b&gt;NTS&lt;/b&gt;", f"{timezone.localdate():%d/%m/%Y}", "EPSG:9218",
                 "4 thửa là DỮ LIỆU TỔNG HỢP", "dự án Bản đồ Bình Thuận", "MIT", ABOUT.page_url):  # fmt: skip
        assert said in words


def test_nothing_is_loaded_and_only_our_scripts_may_run(land):
    words = text()
    page = Page(words)
    assert page.loads == ["data:,"] and "iframe" not in page.tags and "form" not in page.tags
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', words).group(1).replace("&#x27;", "'")
    assert (
        policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy and "http" not in policy
    )
    assert page.tags.count("script") == policy.split(";")[1].count("sha256-") == 2
    assert page.tags.count("style") == policy.split(";")[2].count("sha256-") == 2
    assert "url(images" not in words and "sourceMappingURL" not in words
    assert not re.search(r"cdn|jsdelivr|cloudflare|bootstrap|jquery|openstreetmap", words, re.IGNORECASE)


def test_a_hostile_land_type_ends_no_script(land):
    words = text()
    assert HOSTILE not in words and "\\u003cimg" not in words
    assert "&lt;img src=x" in words  # in the table; in the map's data with the ampersand as JSON has it
    assert "\\u0026lt;img src=x" in words


def test_rights_and_limits(land):
    assert shared_map([MUI_NE, PHUOC_HOI], ABOUT, alice())
    with pytest.raises(NotAllowed):
        shared_map([MUI_NE], ABOUT, PUBLIC)
    with pytest.raises(Invalid, match=r"5\.001 thửa, nhiều hơn giới hạn 5\.000"):
        shared_map([str(n) for n in range(5001)], ABOUT, OFFICER)
    with pytest.raises(NotFound, match="không-có"):
        shared_map([MUI_NE, "không-có"], ABOUT, OFFICER)


def test_where_parcels_are_not_public_only_those_of_the_territory(land):
    reader = alice()
    with override_settings(PUBLIC_PARCELS=False):
        assert shared_map([MUI_NE, HAM_TIEN], ABOUT, reader)
        with pytest.raises(NotFound, match=PHUOC_HOI):
            shared_map([MUI_NE, PHUOC_HOI], ABOUT, reader)


def test_no_owner_is_in_it(land):
    words = text([*KEYS, PHUOC_HOI])
    assert OWNER not in words and OWNER_NO not in words and "Bí Mật" not in words


def test_it_speaks_english(land):
    with translation.override("en"):
        words = text()
    assert '<html lang="en">' in words and "Urban residential land" in words and "1,234,567,890.5" in words
    assert "DỮ LIỆU" not in words and "Danh sách" not in words and "Number of parcels" in words


def test_the_same_rows_give_the_same_places_and_words(land):
    shapes = [re.sub(r"[0-9a-f]{32}", "", text()) for _ in range(2)]
    assert shapes[0].partition("<body>")[2] == shapes[1].partition("<body>")[2]


def test_without_the_built_front_end_it_says_so(land, tmp_path):
    with override_settings(FRONTEND_DIST=tmp_path), pytest.raises(Unavailable, match="not built"):
        text()
