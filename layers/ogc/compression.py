"""Answers that are large and change with the data: compressed once, quickly, and told apart by a strong ETag."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from isal import igzip

SMALLEST = 500  # bytes; below, gzip gains nothing


def compressed(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """The body, gzipped when accepted (level 1: 6 % larger than level 6 at a twelfth of its CPU); 304 when known."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    gzip = len(body) >= SMALLEST and "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{digest}{"-gzip" if gzip else ""}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(
            igzip.compress(body, compresslevel=1, mtime=0) if gzip else body, content_type=content_type
        )
        if gzip:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    return response
