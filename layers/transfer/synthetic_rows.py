"""Rows of synthetic parcels, parties and rights of one commune, as CSV for COPY.

Names carry "(mẫu)", identity numbers begin with letters that no real number has, decisions are called MẪU.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers import geo
from layers.errors import Invalid
from layers.transfer.fabric import Pieces, Role, pieces_of
from layers.transfer.lattice import FULL_SHEET_PARCELS, SHEET_CELLS, SMALL_SHEET_CELLS, Lattice, noise
from layers.transfer.synthetic_lineage import Past, days_of, joined, lineage_rows, past_of
from layers.transfer.synthetic_plans import plan_rows

PARCEL_COLUMNS = (
    "key", "area_key", "sheet_no", "parcel_no", "geohash", "legal_area_m2", "survey_area_m2", "land_use_now",
    "land_use_legal", "land_use_before", "certificate", "status", "valid_from", "valid_to", "sheet_scale", "synthetic",
    "geom",
)  # fmt: skip
PARTY_COLUMNS = ("key", "name", "kind", "identity_no", "synthetic")
RIGHT_COLUMNS = ("key", "parcel_key", "party_key", "kind", "share_numerator", "share_denominator", "valid_from")

AREA_TOLERANCE = 0.02  # of the legal area: 97 % of synthetic parcels keep within it
SMALL_SHEET_SCALE, SHEET_SCALE = 500, 5_000
SMALL_SHEET_BAND_M, SHEET_BAND_M = 25.0, 100.0  # height of a line of reading when parcels are numbered

# Land types of today's list (2024) by role, with their shares; ODT stands for the residential land of the commune.
_USES = {
    Role.LOT: (("ODT", 0.86), ("TMD", 0.05), ("CLN", 0.03), ("SKC", 0.02), ("DKV", 0.01), ("DGD", 0.01),
               ("TSC", 0.005), ("DYT", 0.005), ("TON", 0.005), ("TIN", 0.005)),
    Role.FIELD: (("CLN", 0.45), ("HNK", 0.20), ("LUC", 0.12), ("ODT", 0.07), ("LUK", 0.05), ("NTS", 0.04),
                 ("SKC", 0.02), ("TMD", 0.02), ("LMU", 0.02), ("NTD", 0.01)),
    Role.ROAD: (("DGT", 1.0),),
    Role.POND: (("MNC", 0.6), ("NTS", 0.4)),
    Role.OPEN: (("RSX", 0.26), ("RPH", 0.22), ("CLN", 0.16), ("HNK", 0.12), ("DCS", 0.10), ("BCS", 0.06),
                ("TMD", 0.03), ("RDD", 0.03), ("SKS", 0.02)),
    Role.HOLE: (("NTD", 0.6), ("MNC", 0.4)),
}  # fmt: skip
_BEFORE = {  # what a parcel of this type may have been before the change; codes of the list of 2018 among them
    "ODT": "CLN", "ONT": "CLN", "TMD": "BCS", "HNK": "NHK", "LUK": "LUN", "SKS": "SKX", "CLN": "BHK", "SKC": "HNK",
    "NTS": "LUK", "DGD": "ODT", "TSC": "ODT", "DKV": "BCS", "RSX": "DCS",
}  # fmt: skip
_FAMILY = np.array(
    ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Thông", "Qua"]
)
_MIDDLE = np.array(["Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Đức", "Kim", "Xuân", "Quốc"])
_GIVEN = np.array(["An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khoa", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quyên",
                   "Sơn", "Tâm", "Uyên", "Vinh", "Yến", "Hải", "Thuận"])  # fmt: skip
_PARTIES_PER_PARCEL = 0.55


@dataclass(frozen=True)
class CommuneRows:
    """CSV of eight tables for one commune."""

    parcels: bytes
    parties: bytes
    rights: bytes
    lineage: bytes
    documents: bytes
    deeds: bytes
    zones: bytes
    coverage: bytes


@dataclass(frozen=True)
class Numbers:
    """Sheet and parcel number of each piece."""

    sheet: np.ndarray
    parcel: np.ndarray


@dataclass(frozen=True)
class Times:
    """The life of each piece as ISO days; "" has not ended."""

    begin: list[str]
    end: list[str]


def rows_of(lattice: Lattice, commune: int, people_share: float = 1.0) -> CommuneRows:
    """All rows of one commune; `people_share` of its parcels have rights. Raises Invalid when two identifiers meet."""
    standing = pieces_of(lattice, commune)
    past = past_of(lattice.seed, standing)
    sheets = sheets_of(standing)
    year = 2009 + (noise(lattice.seed, 64, sheets.number) * 15).astype(int)
    days = days_of(lattice.seed, past, (year - 1970).astype("datetime64[Y]").astype("datetime64[D]"))
    pieces, sheets, year = joined(standing, past.retired), *_with_retired(sheets, year, past)
    numbers = number_with_past(pieces, sheets, past, days)
    times = _times(year, past, days)
    area_key = lattice.communes[commune].key
    keys = [f"{area_key}-{s}-{n}" for s, n in zip(numbers.sheet.tolist(), numbers.parcel.tolist(), strict=True)]
    columns = [keys, [area_key] * len(keys), _texts(numbers.sheet), _texts(numbers.parcel)]
    columns += _facts(pieces, _Draw(lattice.seed, pieces), sheets, times, lattice.communes[commune].urban)
    made = past.made_by(len(keys))[: len(standing.polygons)]
    born = np.where(made < 0, 0, days.astype("datetime64[Y]").astype(int)[made] + 1971) if len(days) else made * 0
    parties, rights = _people(lattice, commune, keys, standing, born, people_share)
    histories = lineage_rows(past, days, keys, numbers.sheet, numbers.parcel, area_key)
    return CommuneRows(_csv(columns), parties, rights, *histories, *plan_rows(lattice, commune))


@dataclass(frozen=True)
class Sheets:
    """Of each piece: its sheet (from 1 in the commune) and whether that is a small one, at 1:500 (else 1:5000)."""

    number: np.ndarray
    small: np.ndarray

    @property
    def band_m(self) -> np.ndarray:
        return np.where(self.small, SMALL_SHEET_BAND_M, SHEET_BAND_M)

    @property
    def scale(self) -> np.ndarray:
        return np.where(self.small, SMALL_SHEET_SCALE, SHEET_SCALE)


def sheets_of(pieces: Pieces) -> Sheets:
    """Sheets from 1 in the commune. A full sheet of 12 × 12 blocks is cut into sheets of 3 × 3, as scale 1:5000 gives
    way to 1:500 in towns."""
    large = _joined(pieces.column // SHEET_CELLS, pieces.row // SHEET_CELLS)
    _, which, members = np.unique(large, return_inverse=True, return_counts=True)
    cut = members[which] > FULL_SHEET_PARCELS
    side = np.where(cut, SMALL_SHEET_CELLS, 1 << 20)
    small = _joined((pieces.column % SHEET_CELLS) // side, (pieces.row % SHEET_CELLS) // side)
    per_sheet = SHEET_CELLS // SMALL_SHEET_CELLS
    sheet = _zigzag_rank(large, np.zeros_like(large)) * per_sheet**2 + np.where(cut, _zigzag_rank(small, large), 0)
    return Sheets(np.unique(sheet, return_inverse=True)[1] + 1, cut)


def number(pieces: Pieces) -> Numbers:
    """Parcels from 1 in each sheet, north to south, west–east and back in turn, as at the first survey."""
    sheets = sheets_of(pieces)
    return Numbers(sheets.number, number_in_sheets(sheets.number, pieces.label, sheets.band_m))


def number_with_past(pieces: Pieces, sheets: Sheets, past: Past, days: np.ndarray) -> Numbers:
    """The first survey numbered what stood then; each parcel made later got its sheet's next number, day by day."""
    made = past.made_by(len(pieces.polygons))
    first, later = made < 0, np.nonzero(made >= 0)[0]
    parcel = np.zeros(len(made), dtype=np.int64)
    parcel[first] = number_in_sheets(sheets.number[first], pieces.label[first], sheets.band_m[first])
    if len(later):
        highest = np.zeros(sheets.number.max() + 1, dtype=np.int64)
        np.maximum.at(highest, sheets.number[first], parcel[first])
        later = later[np.lexsort((later, made[later], days[made[later]], sheets.number[later]))]
        sheet = sheets.number[later]
        parcel[later] = highest[sheet] + np.arange(len(later)) - np.searchsorted(sheet, sheet) + 1
    return Numbers(sheets.number, parcel)


def _with_retired(sheets: Sheets, year: np.ndarray, past: Past) -> tuple[Sheets, np.ndarray]:
    """Retired parcels are on the sheet of the parcel of today in their place."""
    at = np.zeros(len(past.retired.polygons), dtype=int)
    at[past.parent - len(year)] = past.place[past.event]
    return (
        Sheets(np.append(sheets.number, sheets.number[at]), np.append(sheets.small, sheets.small[at])),
        np.append(year, year[at]),
    )


def _times(year: np.ndarray, past: Past, days: np.ndarray) -> Times:
    dates = np.append(days.astype(str), "") if len(days) else np.array([""])
    made, ended = past.made_by(len(year)), past.ended_by(len(year))
    surveyed = np.char.add(year.astype(str), "-01-01")
    return Times(np.where(made < 0, surveyed, dates[made]).tolist(), dates[ended].tolist())


def number_in_sheets(sheet: np.ndarray, label: np.ndarray, band_m: np.ndarray) -> np.ndarray:
    """Numbers from 1 in each sheet. Lines of reading are bands of `band_m`; the topmost is read from the west."""
    band = np.floor(label[:, 1] / band_m).astype(np.int64)
    top = np.full(sheet.max() + 1, np.iinfo(np.int64).min)
    np.maximum.at(top, sheet, band)
    depth = top[sheet] - band
    across = np.where(depth % 2 == 0, label[:, 0], -label[:, 0])
    order = np.lexsort((label[:, 1], across, depth, sheet))
    start = np.searchsorted(sheet[order], sheet[order])
    result = np.empty(len(sheet), dtype=np.int64)
    result[order] = np.arange(len(sheet)) - start + 1
    return result


def _joined(column, row) -> np.ndarray:
    return column.astype(np.int64) * 100_000 + row


def _zigzag_rank(name: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Rank (from 0) of squares named by `_joined`, north to south and in turn west–east, within each `within`."""
    pairs, which = np.unique(np.column_stack([within, name]), axis=0, return_inverse=True)
    column, row = pairs[:, 1] // 100_000, pairs[:, 1] % 100_000
    across = np.where(row % 2 == 0, column, -column)
    order = np.lexsort((across, -row, pairs[:, 0]))
    rank = np.empty(len(pairs), dtype=np.int64)
    rank[order] = np.arange(len(pairs)) - np.searchsorted(pairs[order, 0], pairs[order, 0])
    return rank[which.ravel()]


class _Draw:
    """Random numbers of each parcel, one stream per purpose."""

    def __init__(self, seed: int, pieces: Pieces) -> None:
        self.seed, self.stamp = seed, (pieces.stamp * 2**53).astype(np.int64)

    def __call__(self, purpose: int) -> np.ndarray:
        return noise(self.seed, purpose, self.stamp)


def _facts(pieces: Pieces, draw: _Draw, sheets: Sheets, times: Times, urban: bool) -> list[list[str]]:
    area = shapely.area(pieces.polygons)
    now = _land_use(pieces, draw, urban)
    road = pieces.role == Role.ROAD
    paper = draw(60)
    certificate = np.where(road | (paper < 0.14), "none", np.where(paper < 0.22, "", "issued"))
    legal_area = [
        f"{a:.1f}" if c == "issued" else ""
        for a, c in zip(_legal_area(area, draw).tolist(), certificate.tolist(), strict=True)
    ]
    other = np.array([_BEFORE.get(code, code) for code in now.tolist()])
    legal = np.where(road, now, np.where(draw(61) < 0.06, "", np.where(draw(62) < 0.08, _today(other, now), now)))
    before = np.where((draw(63) < 0.3) & (other != now), other, "")
    status = ["retired" if end else "active" for end in times.end]
    return [
        _identifiers(pieces).tolist(), legal_area, [f"{a:.4f}" for a in area.tolist()], now.tolist(), legal.tolist(),
        before.tolist(), certificate.tolist(), status, times.begin, times.end, _texts(sheets.scale), ["t"] * len(area),
        _hex(pieces.polygons),
    ]  # fmt: skip


def _today(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """A legal type may be an older use, but only a code that is still in the list."""
    return np.where(np.isin(before, ["NHK", "LUN", "SKX", "BHK"]), now, before)


def _legal_area(area: np.ndarray, draw: _Draw) -> np.ndarray:
    within = area * (1 + 0.016 * (draw(65) - 0.5))
    beyond = area * (1 + np.where(draw(66) < 0.5, -1, 1) * (0.03 + 0.05 * draw(67)))
    return np.maximum(np.where(draw(68) < 0.03, beyond, within), 0.1)


def _land_use(pieces: Pieces, draw: _Draw, urban: bool) -> np.ndarray:
    result = np.full(len(pieces.role), "", dtype="U3")
    own = draw(70)
    region = noise(draw.seed, 71, pieces.column // 12, pieces.row // 12)
    for role, shares in _USES.items():
        mine = pieces.role == role
        chance = np.where(draw(72)[mine] < 0.75, region[mine], own[mine]) if role == Role.OPEN else own[mine]
        limits = np.cumsum([share for _, share in shares])
        choice = np.minimum(np.searchsorted(limits, chance, side="right"), len(shares) - 1)
        result[mine] = np.array([code for code, _ in shares])[choice]
    return result if urban else np.where(result == "ODT", "ONT", result)


def _identifiers(pieces: Pieces) -> np.ndarray:
    """12-character GeoHashes, issued from the labels; where two meet, the later moves by a cell inside its parcel."""
    label = pieces.label.copy()
    codes = geo.geohash_encode(*geo.transform(label[:, 0], label[:, 1], geo.VN2000, geo.WGS84))
    for attempt in range(1, 9):
        _, first = np.unique(codes, return_index=True)
        twice = np.setdiff1d(np.arange(len(codes)), first)
        if not len(twice):
            return codes
        angle = attempt * np.pi / 4
        moved = label[twice] + 0.05 * attempt * np.array([np.cos(angle), np.sin(angle)])
        inside = shapely.contains_xy(pieces.polygons[twice], moved[:, 0], moved[:, 1])
        label[twice[inside]] = moved[inside]
        codes = geo.geohash_encode(*geo.transform(label[:, 0], label[:, 1], geo.VN2000, geo.WGS84))
    raise Invalid("Two parcels are too close together to be given different identifiers.")


def _people(
    lattice: Lattice, commune: int, keys: Sequence[str], pieces: Pieces, born: np.ndarray, people_share: float
) -> tuple[bytes, bytes]:
    """Land users of lots, fields and open land, each with one to three sharing, and some mortgages.

    `born`: the first year a parcel's rights may begin in, 0 where its number is as old as its sheet.
    """
    area_key, draw = lattice.communes[commune].key, _Draw(lattice.seed, pieces)
    held = np.nonzero(~np.isin(pieces.role, (Role.ROAD, Role.POND, Role.HOLE)) & (draw(84) < people_share))[0]
    people = max(int(len(held) * _PARTIES_PER_PARCEL), 3)
    state = pieces.role[held] == Role.OPEN
    sharing = np.where(state, 1, 1 + (draw(80)[held] < 0.12) + (draw(80)[held] < 0.03))
    owner = np.where(state, 0, 1 + (draw(81)[held] * people).astype(int))
    since = np.maximum(2010 + (draw(82)[held] * 14).astype(int), born[held]).tolist()
    pledged = (draw(83)[held] < 0.06) & ~state
    rights, used = [], {0}
    for at, first, of, year, pledge in zip(
        held.tolist(), owner.tolist(), sharing.tolist(), since, pledged.tolist(), strict=True
    ):
        key = keys[at]
        for n in range(of):
            who = first if first == 0 else 1 + (first - 1 + n) % people
            used.add(who)
            rights.append(f"{key}-use-{n + 1},{key},MAU-{area_key}-{who},use,1,{of},{year}-01-01\n")
        if pledge:
            used.add(people + 1)
            rights.append(f"{key}-mortgage-1,{key},MAU-{area_key}-{people + 1},mortgage,1,1,{year + 1}-01-01\n")
    return _parties(lattice, commune, np.array(sorted(used)), people), "".join(rights).encode()


def _parties(lattice: Lattice, commune: int, used: np.ndarray, people: int) -> bytes:
    place = lattice.communes[commune]
    draw = [noise(lattice.seed, 90 + k, commune, used) for k in range(4)]
    parts = [
        words[(d * len(words)).astype(int)].tolist()
        for words, d in zip((_FAMILY, _MIDDLE, _GIVEN), draw[:3], strict=True)
    ]
    lines = []
    for who, family, middle, given, kind in zip(used.tolist(), *parts, draw[3].tolist(), strict=True):
        key = f"MAU-{place.key}-{who}"
        if who == 0:
            lines.append(f"{key},Ủy ban nhân dân {place.name} (mẫu),state,,t\n")
        elif who > people:
            lines.append(f"{key},Ngân hàng mẫu {place.name} (mẫu),organisation,,t\n")
        elif kind < 0.05:
            lines.append(f"{key},Công ty TNHH {given} {who} (mẫu),organisation,,t\n")
        elif kind < 0.2:
            lines.append(f"{key},Hộ {family} {middle} {given} (mẫu),household,MAU{commune:03d}{who:06d},t\n")
        else:
            lines.append(f"{key},{family} {middle} {given} (mẫu),person,MAU{commune:03d}{who:06d},t\n")
    return "".join(lines).encode()


def _hex(polygons: np.ndarray) -> list[str]:
    return shapely.to_wkb(shapely.set_srid(polygons, geo.VN2000), hex=True, include_srid=True).tolist()


def _texts(numbers: np.ndarray) -> list[str]:
    return list(map(str, numbers.tolist()))


def _csv(columns: Sequence[Sequence[str]]) -> bytes:
    """No value here holds a comma, a quote or a line break, so none is quoted; empty means NULL."""
    return ("\n".join(map(",".join, zip(*columns, strict=True))) + "\n").encode()
