"""Every address of the site, and what of an owner may be seen in an answer, for the tests of leaks.

Routes come from the URL table itself. A route with a place in it needs an example here: a new one without fails
`test_every_route_has_an_example`, so that no address stays untried.
"""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pypdf
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.html import escape

from tests.cast import OWNER, OWNER_NO, signed_in

MASKED_NAME, MASKED_NO = "Ng*** T** B** M**", "0601******45"

# By route: paths to try. Where an owner could stand, also of another town and of tables that are no collection.
PLACES = ("22915-2015/45/123", "23231-2015/7/8", "22915-2015/45/999")
EXAMPLES: dict[str, tuple[str, ...]] = {
    **{
        f"collections/<str:collection_id>{rest}": tuple(f"collections/{name}{rest}" for name in ("parcels", "party"))
        for rest in ("", "/queryables", "/items")
    },
    "collections/<str:collection_id>/items/<str:key>": (
        "collections/parcels/items/22915-2015-45-123", "collections/party/items/p1",
        "collections/layers_right/items/r1",
    ),
    "collections/<str:collection_id>/styles/<str:style_id>": ("collections/parcels/styles/default",),
    "collections/<str:collection_id>/tiles/<str:matrix_set>": ("collections/parcels/tiles/WebMercatorQuad",),
    "dia-diem/<str:key>.json": ("dia-diem/p1.json",),
    "dia-diem/<str:key>/": ("dia-diem/p1/",),
    "co-quan/<str:key>.json": ("co-quan/bt-593-vpdk.json",),
    "co-quan/<str:key>/": ("co-quan/bt-593-vpdk/",),
    "don-vi/<str:code>/": ("don-vi/22918/",),
    "don-vi/<str:code>/<str:year>.json": ("don-vi/22918/2015.json",),
    "don-vi/<str:code>/<str:year>/": ("don-vi/22918/2015/",),
    **{
        f"{desk}thua-dat/<str:area_key>/<str:sheet>/<str:number>{rest}": tuple(
            f"{desk}thua-dat/{place}{rest}" for place in (PLACES[:1] if rest.endswith(".pdf") else PLACES)
        )
        for desk, rests in (("", (".json", "/")), ("ban-lam-viec/", (".json", "/", "/quy-hoach.json", "/quy-hoach.pdf",
                                                                    "/quy-hoach/", "/dien-san.json", "/dien-san.pdf",
                                                                    "/dien-san/", "/trich-luc/")))
        for rest in rests
    },
    "quy-hoach/<str:key>.json": ("quy-hoach/zone-1.json",),
    "quy-hoach/<str:key>/": ("quy-hoach/zone-1/",),
    "thu-tuc/<str:code>.jsonld": ("thu-tuc/1.012784.jsonld",),
    "thu-tuc/<str:code>/": ("thu-tuc/1.012784/",),
    "kiem-chung/<str:number>/": ("kiem-chung/TL-2026-000001/",),
    "ban-lam-viec/trich-luc/<str:number>.pdf": ("ban-lam-viec/trich-luc/{extract}.pdf",),
    **{
        f"ban-lam-viec/chon/<uuid:selection_id>{rest}": (f"ban-lam-viec/chon/{{selection}}{rest}",)
        for rest in ("/", ".json", "/vi-tri.json", "/hoi/", "/luu/", "/tep/")
    },
    "ban-lam-viec/chon/<uuid:selection_id>/bo/": ("ban-lam-viec/chon/{removed}/bo/",),
    "ban-lam-viec/chon/<uuid:selection_id>/buoc/<str:verb>/": ("ban-lam-viec/chon/{selection}/buoc/lui/",),
    "doi-tuong/<str:collection_id>/<str:key>/": ("doi-tuong/parcels/22915-2015-45-123/", "doi-tuong/party/p1/"),
    "ban-lam-viec/doi-tuong/<str:collection_id>/<str:key>/": ("ban-lam-viec/doi-tuong/parcels/22915-2015-45-123/",),
    **{
        f"ban-lam-viec/tra-cuu-loat/<str:batch_id>{rest}": (f"ban-lam-viec/tra-cuu-loat/{{batch}}{rest}",)
        for rest in ("/", "/chon/", "/nhan/", "/goi/", "/lua-chon/", "/ket-qua.xlsx")
    },
    **{
        f"ban-lam-viec/viec/<str:job_id>{rest}": (f"ban-lam-viec/viec/{{job}}{rest}",) for rest in (".json", "/dung/")
    },
    "ban-lam-viec/viec/<str:job_id>/tep/<str:name>": ("ban-lam-viec/viec/{job}/tep/x.pdf",),
    "quan-tri/(?P<url>.*)$": ("quan-tri/layers/party/", "quan-tri/layers/accessentry/"),
    "quan-tri/^(?P<app_label>auth|layers)/$": ("quan-tri/auth/", "quan-tri/layers/"),
    "quan-tri/auth/user/<id>/password/": ("quan-tri/auth/user/1/password/",),
    "quan-tri/r/<path:content_type_id>/<path:object_id>/": ("quan-tri/r/1/1/",),
}  # fmt: skip
_OF_ADMIN = re.compile(r"quan-tri/\w+/\w+/<path:object_id>/(?:(?:change|delete|history)/)?")
TILE = "collections/parcels/tiles/WebMercatorQuad/16/{row}/{column}"
NOTHING = {
    "extract": "TL-0-0",
    **dict.fromkeys(("selection", "removed", "batch", "job"), "00000000-0000-4000-8000-000000000000"),
}
SIGN_OUT = ("ban-lam-viec/dang-xuat/", "quan-tri/logout/")


def routes() -> list[str]:
    """Every route of the URL table, as Django writes it."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list, before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        else:
            yield route


def paths_of(route: str) -> tuple[str, ...]:
    """Paths to try for a route; empty where an example is missing."""
    if route in EXAMPLES:
        return EXAMPLES[route]
    if _OF_ADMIN.fullmatch(route):
        return (route.replace("<path:object_id>", "1"),)
    return () if re.search(r"[<(]", route) else (route,)


def paths(**things: str) -> list[str]:
    """All paths, those that end a session last. `things` are what examples name: an extract, selections."""
    named = NOTHING | things
    found = {path.format(**named) for route in routes() for path in paths_of(route)}
    return ["/" + path for path in sorted(found - set(SIGN_OUT)) + list(SIGN_OUT)]


def languages(path: str) -> tuple[str, ...]:
    """The path, and the English page where there is one."""
    machines = ("/ogc", "/collections", "/conformance", "/quan-tri", "/robots", "/song")
    return (path,) if path.startswith(machines) else (path, f"/en{path}")


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def _written() -> tuple[str, ...]:
    """How an owner could stand in an answer; what is searched is folded and in small letters."""
    words = folded(OWNER).split()
    ends = {" ".join(words), " ".join(words[-2:]), " ".join(words[2:] + words[:2]), "".join(words), "_".join(words)}
    pieces = {OWNER_NO[start : start + 6] for start in range(len(OWNER_NO) - 5)}
    escaped = {json.dumps(OWNER)[1:-1].lower(), quote(OWNER).lower(), quote_plus(OWNER).lower(), escape(OWNER).lower()}
    coded = {base64.b64encode(text.encode()).decode().rstrip("=").lower() for text in (OWNER, OWNER_NO)}
    return tuple(sorted(ends | pieces | escaped | coded))


FORMS = _written()


def told(text: str, *, masked: bool) -> list[str]:
    """What `text` tells of the owner. `masked`: it may hold the masked name and number, and no more than these."""
    if masked:
        text = text.replace(escape(MASKED_NAME), "").replace(MASKED_NAME, "").replace(MASKED_NO, "")
    plain = folded(text)
    found = [form for form in FORMS if folded(form) in plain]
    if not masked:
        found += [form for form in (folded(MASKED_NAME), MASKED_NO) if form in plain]
    return found + re.findall(r"\bng\*|\bb\*\*|0601\*|\*\*45\b", plain)


def said(answer: HttpResponse) -> str:
    """All an answer says: status line, headers, cookies and body; of a paper its words."""
    body = b"".join(answer) if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.items())
    if body.startswith(b"%PDF"):
        paper = pypdf.PdfReader(io.BytesIO(body))
        body = (" ".join(page.extract_text() for page in paper.pages) + str(paper.metadata)).encode()
    return f"{headers} {answer.cookies.output()} {body.decode('utf-8', 'replace')}"


def client_of(name: str) -> Client:
    """The cast's client, which sees a 500 as an answer; `public` has no session."""
    client = signed_in(name) if name != "public" else Client()
    client.raise_request_exception = False
    return client
