"""The map's frame on the paper of an extract: a standard scale, and the ground it shows in VN-2000."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH_MM, HEIGHT_MM = 174, 112
SCALES = (200, 500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000)  # the last ones only for long roads
ROOM = 1.35  # the frame is at least this much wider and higher than the parcel
GRID_STEPS_M = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
GRID_SPACING_MM = 25


@dataclass(frozen=True)
class Frame:
    """Scale 1:`scale`; the frame's sides are whole metres east and north, the grid every `grid_m`."""

    scale: int
    grid_m: int
    west_m: int
    south_m: int
    east_m: int
    north_m: int


def frame_for(bounds: tuple[float, float, float, float]) -> Frame:
    """The largest standard scale at which a box (metres) fits, with the box in the middle."""
    min_x, min_y, max_x, max_y = bounds
    scale = next((each for each in SCALES if _fits(max_x - min_x, max_y - min_y, each)), SCALES[-1])
    width, height = WIDTH_MM * scale // 1000, HEIGHT_MM * scale // 1000
    west, south = round((min_x + max_x - width) / 2), round((min_y + max_y - height) / 2)
    grid = next((step for step in GRID_STEPS_M if step * 1000 >= GRID_SPACING_MM * scale), GRID_STEPS_M[-1])
    return Frame(scale, grid, west, south, west + width, south + height)


def _fits(width_m: float, height_m: float, scale: int) -> bool:
    return width_m * ROOM * 1000 <= WIDTH_MM * scale and height_m * ROOM * 1000 <= HEIGHT_MM * scale
