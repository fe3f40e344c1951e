"""What somebody typed into the search box, understood without asking the database.

Doors: `understand(text)`, `fold(text)`. Recognised: coordinates and map links, a sheet and a parcel with or without a
commune, a parcel's 12-character identifier, Telex keys typed without an input method; all else is words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from layers import geo
from layers.errors import Invalid
from layers.geo_typed import TypedPoint, parse_point

MAX_TEXT = 200
MAX_LINK = 2000  # links of map services are long; nothing of them but the coordinates is used
MAX_WORDS = 10  # more are not looked at; whole titles still match by their beginning

# As the fold leaves them (y is i). Prefixes match by themselves: "p. mui ne" needs no entry.
ABBREVIATIONS = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "ubnd": "ui ban nhan dan", "bhxh": "bao hiem xa hoi",
    "qsdd": "quien su dung dat", "gcn": "giai chung nhan", "vpdkdd": "van phong dang ki dat dai",
    "ttpvhcc": "trung tam phuc vu hanh chinh cong", "tand": "toa an nhan dan",
}  # fmt: skip
TYPE_LETTERS = {"p": "phuong", "x": "xa", "h": "huyen"} | {k: ABBREVIATIONS[k] for k in ("tp", "tx", "tt")}
# What people say, where the catalogue has another word. "so do" may be meant otherwise, but seldom is.
EVERYDAY = re.compile(r"\b(?:lam |cap |lay )?so (?:do|hong)\b")
FILLERS = {"o", "tai", "thuoc", "cua", "va", "the", "of", "in", "at", "and"}

_SHEET = r"\b(?:to(?:\s+ban\s+do)?|t|sheet|map\s+sheet)(?:\s+so)?\.?\s*:?\s*(\d{1,4})\b"
_PARCEL = r"\b(?:thua(?:\s+dat)?|th|parcel)(?:\s+so)?\.?\s*:?\s*(\d{1,6})\b"
_BETWEEN = r"\s*[,;/.-]?\s*(?:(?:thuoc|cua|on|of)\s+)?"
_SHEET_PARCEL = re.compile(_SHEET + _BETWEEN + _PARCEL)
_PARCEL_SHEET = re.compile(_PARCEL + _BETWEEN + _SHEET)
_COMMUNE_CODE = re.compile(r"^\s*(\d{5})(?:-20\d\d)?\s*[-/.\s]\s*(\d{1,4})\s*[-/.\s]\s*(\d{1,6})\s*$")
_PAIR = re.compile(r"(?<![\d.,])(\d{1,6})\s*(?:[/,;-]|\s)\s*(\d{1,6})(?![\d.])")
_IDENTIFIER = re.compile(r"^[0-9b-hjkmnp-z]{12}$")


@dataclass(frozen=True)
class Words:
    """Folded text to look for. `phrase` is all of it; `words` those that must each stand in a name."""

    phrase: str
    words: tuple[str, ...]

    @property
    def compact(self) -> str:
        return self.phrase.replace(" ", "")

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrase as typed, with abbreviations written out, as a unit's name, and without spaces."""
        written_out = " ".join(ABBREVIATIONS.get(word, word) for word in self.phrase.split())
        return tuple(dict.fromkeys((self.phrase, written_out, place_name(self.phrase) or self.phrase, self.compact)))


@dataclass(frozen=True)
class ParcelAsked:
    """A sheet and a parcel. `readings` are (sheet, parcel), the usual order first; two when the text allows both.

    `place` is the folded name, `code` the code or `key` the key of a commune, today's or former; all empty: anywhere.
    """

    readings: tuple[tuple[int, int], ...]
    place: str = ""
    code: str = ""
    key: str = ""


@dataclass(frozen=True)
class Typed:
    """`text` is cleaned (NFC, no control characters). At most one of `point`, `identifier`, `parcel` is set."""

    text: str
    words: Words
    point: TypedPoint | None = None
    parcel: ParcelAsked | None = None
    identifier: str | None = None

    @property
    def empty(self) -> bool:
        """Too little to look for: a single letter is in every name."""
        return self.point is None and len(self.words.compact) < 2


def understand(text: str) -> Typed:
    """Read what was typed. Raises Invalid for NUL or for more than MAX_TEXT characters."""
    if "\x00" in text:
        raise Invalid(gettext("Câu tìm có ký tự không dùng được."), parameter="q")
    if len(text) > (MAX_LINK if "://" in text else MAX_TEXT):
        raise Invalid(gettext("Câu tìm dài quá: nhiều nhất %(most)s ký tự.") % {"most": MAX_TEXT}, parameter="q")
    clean = _clean(text)
    typed = Typed(clean, _words(fold(clean[:MAX_TEXT])))
    if point := parse_point(clean):
        return replace(typed, point=point)
    if identifier := _identifier(clean):
        return replace(typed, identifier=identifier)
    return replace(typed, parcel=_parcel(clean))


def fold(text: str) -> str:
    """Accents, case, y/i and punctuation taken away: the same as SQL's layers_fold for Latin and Vietnamese text."""
    return re.sub(r"[^a-z0-9.]+", " ", _plain(text).replace("y", "i")).strip()


def telex(words: Words) -> Words | None:
    """The words as an input method would have made them of Telex keys (`muix nes`), None when that changes nothing.

    No Vietnamese syllable has s, f, r, x, j, z or w after its vowel, so those are tones and hooks left behind.
    """
    decoded = " ".join(_telex_word(word) for word in words.phrase.split())
    return _words(decoded) if decoded and decoded != words.phrase else None


def _clean(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if letter.isspace() else letter for letter in composed if letter.isspace() or letter.isprintable())
    return re.sub(r" +", " ", "".join(kept)).strip()


def _plain(text: str) -> str:
    """Lower case without accents; punctuation stays."""
    lowered = text.lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _words(phrase: str) -> Words:
    found = [word.strip(".") for word in EVERYDAY.sub(ABBREVIATIONS["gcn"], phrase).split()]
    found = [word for word in found if word]
    needed = [word for word in found if word not in FILLERS] or found
    return Words(" ".join(found), tuple(needed[:MAX_WORDS]))


def _telex_word(word: str) -> str:
    if not word.isalpha():
        return word
    before_vowel = re.match("[^aeiou]*", word)[0]
    word = before_vowel.replace("w", "u", 1).replace("dd", "d") + word[len(before_vowel) :]
    vowel = re.search("[aeiou]", word)
    if vowel is None:
        return word
    head, tail = word[: vowel.end()], re.sub("[sfrxjzw]", "", word[vowel.end() :])
    return re.sub(r"aa|ee|oo", lambda pair: pair[0][0], head + tail)


def _identifier(text: str) -> str | None:
    lowered = text.lower()
    known = _IDENTIFIER.match(lowered) and lowered.startswith(geo.GEOHASH_PREFIXES)
    return lowered if known else None


def _parcel(text: str) -> ParcelAsked | None:
    """Words that say which number is which settle it; `45/123` alone may be read both ways."""
    plain = _plain(text)
    if found := _COMMUNE_CODE.match(plain):
        code, sheet, parcel = found.groups()
        return ParcelAsked(((int(sheet), int(parcel)),), code=code)
    if found := _SHEET_PARCEL.search(plain):
        return ParcelAsked(((int(found[1]), int(found[2])),), place=_place_around(plain, found))
    if found := _PARCEL_SHEET.search(plain):
        return ParcelAsked(((int(found[2]), int(found[1])),), place=_place_around(plain, found))
    if (found := _PAIR.search(plain)) and len(re.findall(r"\d+", plain)) == 2:
        first, second = int(found[1]), int(found[2])
        both = dict.fromkeys(((first, second), (second, first)))
        readings = tuple((sheet, parcel) for sheet, parcel in both if sheet < 10_000)
        return ParcelAsked(readings, place=_place_around(plain, found)) if readings else None
    return None


def _place_around(plain: str, numbers: re.Match[str]) -> str:
    left = fold(plain[: numbers.start()] + " " + plain[numbers.end() :])
    return place_name(left)


def place_name(folded: str) -> str:
    """A commune's name as names are kept: types written out (`p. ham tien` → `phuong ham tien`), no filler words."""
    words = [word.strip(".") for word in folded.split()]
    words = [word for word in words if word and word not in FILLERS]
    if len(words) > 1 and words[0] in TYPE_LETTERS:
        words[0] = TYPE_LETTERS[words[0]]
    return " ".join(words)
