"""What no visit to the product may do, whatever it was for: each page of a browser test is watched for it."""

from __future__ import annotations

import gzip
import urllib.request
from urllib.error import HTTPError
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Software rendering says this on every screenshot; it is about the test machine, not the page.
HARMLESS = ("GPU stall due to ReadPixels", "Automatic fallback to software WebGL")
# A page that is left, and a tile no longer in sight, drop what they asked for.
DROPPED = "net::ERR_ABORTED"


class Watch:
    """Faults of the pages it follows: errors told, requests failed or sent to others, pages without a policy."""

    def __init__(self, served: str) -> None:
        self.host = urlsplit(served).netloc
        self.faults: list[str] = []
        self.seen: set[tuple[str, bool]] = set()
        self.allowed: list[str] = []
        self.contexts: list[BrowserContext] = []

    def follow(self, page: Page) -> Page:
        page.on("console", self._console)
        page.on("pageerror", lambda fault: self.faults.append(f"uncaught: {fault}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.set_default_timeout(30_000)  # two cores, drawn without a graphics card
        if page.context not in self.contexts:
            self.contexts.append(page.context)
        return page

    def allow(self, *words: str) -> None:
        """Faults of the test's own making: those that hold one of the words."""
        self.allowed += words

    def found(self) -> list[str]:
        cookies = [f"cookie: {cookie['name']}" for context in self.contexts for cookie in context.cookies()]
        told = [fault for fault in self.faults if not any(word in fault for word in self.allowed)]
        return told + cookies

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in HARMLESS):
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != DROPPED:
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        if response.request.resource_type == "document" and "script-src 'self'" not in policy:
            self.faults.append(f"no content policy: {response.url}")
        if urlsplit(response.url).netloc == self.host and "/static/" not in response.url:
            self.seen.add((response.url.partition("#")[0], response.request.headers.get("hx-request") == "true"))


class Owners:
    """Names and numbers of invented owners that the served database holds, and nobody may be told."""

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        self.words = {name.removesuffix(" (mẫu)") for name, _ in rows} | {number for _, number in rows if number}
        self.read: set[tuple[str, bool]] = set()

    def named_in(self, seen: set[tuple[str, bool]]) -> list[str]:
        """Asks again for what a test's pages were given, each once: public answers are the same for everybody."""
        told = []
        for url, fragment in sorted(seen - self.read):
            body = body_of(url, fragment)
            typed = unquote_plus(url)  # a search page repeats what was typed, and no more
            told += [f"{url} tells of {word}" for word in self.words if word in body and word not in typed]
        self.read |= seen
        return told


def body_of(url: str, fragment: bool = False) -> str:
    request = urllib.request.Request(url, headers={"HX-Request": "true"} if fragment else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
    except HTTPError as fault:
        body = fault.read()
    if body[:2] == b"\x1f\x8b":  # tiles leave the server compressed, whatever is asked for
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")
