from layers.collections.base import Collection, Field, Kind
from layers.collections.coverage.models import Coverage

COVERAGE = Collection(
    id="coverage",
    model=Coverage,
    title_vi="Phạm vi đã kiểm tra",
    title_en="Checked extents",
    description_vi="Nơi từng lớp dữ liệu đã được kiểm tra. Ngoài phạm vi này là chưa đủ dữ liệu.",
    description_en="Where each layer was checked. Outside of it there is not enough data.",
    geometry="polygon",
    zooms=(5, 14),
    source="coverage",
    synthetic=True,
    shown=False,
    fields=(
        Field("layer", "Lớp", "Layer", filterable=True, in_tiles=True),
        Field("name_vi", "Tên", "Name", in_tiles=True),
        Field("name_en", "Tên tiếng Anh", "English name", in_tiles=True),
        Field("checked_on", "Ngày kiểm tra", "Checked on", Kind.DATE),
        Field("checked_by", "Người kiểm tra", "Checked by"),
        Field("quality", "Chất lượng", "Quality", filterable=True, in_tiles=True),
        Field("synthetic", "Dữ liệu tổng hợp", "Synthetic", Kind.BOOLEAN),
    ),
)
