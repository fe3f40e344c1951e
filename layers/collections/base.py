"""What a collection is: the declaration (Collection, Field) and the tables' common part (Versioned, Feature)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsValid
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models.functions import Now
from django.utils.translation import get_language

from layers import geo


class Visibility(StrEnum):
    """Who may ever see a field. Personal fields are never part of a collection: they live in tables of their own."""

    PUBLIC = "public"
    STAFF = "staff"


class Kind(StrEnum):
    """Type of a field's values; the words of JSON Schema as OGC API Features part 5 uses them."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Field:
    """One property of a collection's features. `choices` are (value, Vietnamese, English)."""

    name: str
    title_vi: str
    title_en: str
    kind: Kind = Kind.TEXT
    visibility: Visibility = Visibility.PUBLIC
    filterable: bool = False
    in_tiles: bool = False
    unit: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi

    def label(self, value: object) -> str:
        """The word people read for a stored value, in the active language; the value itself when it has none."""
        for code, vi, en in self.choices:
            if code == value:
                return en if get_language() == "en" else vi
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Derived:
    """A property that is asked but not stored: which features of the table `t` belong to any of the given values.

    `sql` is a condition with the parameters `%(values)s` (text[]) and, where it needs one, `%(day)s`.
    """

    name: str
    title_vi: str
    title_en: str
    sql: str

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi


@dataclass(frozen=True)
class Collection:
    """What the province holds in one layer. Everything generic (tiles, items, search, pages) is made from this."""

    id: str
    model: type[Feature]
    title_vi: str
    title_en: str
    description_vi: str
    description_en: str
    geometry: str  # "point" or "polygon"
    zooms: tuple[int, int]  # tiles exist in this range; clients overzoom beyond
    fields: tuple[Field, ...]
    source: str  # key in data/sources.toml
    synthetic: bool = False
    approximate: bool = False
    label_zoom: int = 0  # polygons carry the attribute `label` from this zoom, in one tile each
    label_sql: str = "t.name_vi"  # expression over the table `t`
    shown: bool = True  # on at first in the layer switch
    area_precision: int = 6  # decimals of a degree in GeoJSON
    derived: tuple[Derived, ...] = ()
    drawn_sql: str = ""  # condition over the table `t` for being on the map, besides being valid on the day

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi

    @property
    def description(self) -> str:
        return self.description_en if get_language() == "en" else self.description_vi

    @property
    def srid(self) -> int:
        return self.model._meta.get_field("geom").srid

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def derived_property(self, name: str) -> Derived | None:
        return next((d for d in self.derived if d.name == name), None)


def folded_names(*columns: str) -> models.GeneratedField:
    """The stored column `search_key`: the named columns folded, so that accents, case and spacing do not matter.

    Form: `| mui ne | muine | phuong mui ne | phuongmuine |`, each name with and without spaces; `;` parts names.
    Name only columns everybody may see: what stands here can be found by anybody.
    """
    folded = models.Func(*map(models.F, columns), function="layers_search_key", output_field=models.TextField())
    return models.GeneratedField(expression=folded, output_field=models.TextField(), db_persist=True)


def search_index() -> GinIndex:
    """The trigram index that a table with a `search_key` needs."""
    return GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="%(class)s_search")


class Versioned(models.Model):
    """A row that changes only through `editing.publish`: who, when and why stand in its changeset.

    `natural_key` names the columns that say which thing a row is, whatever its database id.
    """

    natural_key: ClassVar[tuple[str, ...]] = ("key",)

    version = models.PositiveIntegerField(default=1, editable=False)
    changeset = models.ForeignKey(
        "layers.Changeset", on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    lifespan_begin = models.DateTimeField(db_default=Now(), editable=False)  # ISO 19152: what we knew, from when

    class Meta:
        abstract = True


class Feature(Versioned):
    """A thing with a place. `geom` (source CRS) is declared by each table; the database keeps the two below it true.

    `valid_from`/`valid_to` say what was true when (half-open); `lifespan_begin` what we knew. `geom` may be null:
    the thing exists, its place is not known, and it is listed but not drawn.
    """

    key = models.TextField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    geom_3857 = models.GeometryField(srid=geo.WEB_MERCATOR, null=True, editable=False, spatial_index=False)
    label_3857 = models.PointField(srid=geo.WEB_MERCATOR, null=True, editable=False, spatial_index=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["key"], name="%(class)s_key"),
            models.CheckConstraint(condition=IsValid("geom"), name="%(class)s_geom_valid"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from"))
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True),
                name="%(class)s_validity_ordered",
            ),
        ]
        indexes = [
            GistIndex(fields=["geom"], name="%(class)s_geom"),
            GistIndex(fields=["geom_3857"], name="%(class)s_geom_3857"),
        ]
