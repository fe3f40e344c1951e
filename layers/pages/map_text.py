"""Every string the map shows, under the names of `frontend/map/text.ts`: one contract, which a test compares."""

from __future__ import annotations

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """In the active language."""
    return {
        "map_label": _(
            "Bản đồ: phím mũi tên để di chuyển, + và − để thu phóng, Enter để xem nơi ở giữa, Esc để "
            "ra, ? để xem mọi phím"
        ),
        "zoom_in": _("Phóng to"),
        "zoom_out": _("Thu nhỏ"),
        "pan": _("Di chuyển bản đồ"),
        "pan_up": _("Lên phía bắc"),
        "pan_down": _("Xuống phía nam"),
        "pan_left": _("Sang phía tây"),
        "pan_right": _("Sang phía đông"),
        "whole": _("Xem toàn tỉnh"),
        "locate": _("Gần tôi"),
        "locating": _("Đang tìm vị trí…"),
        "located": _("Đã tìm thấy vị trí của bạn, sai số khoảng {m} m"),
        "located_rough": _("Vị trí chỉ gần đúng, sai số khoảng {m} m: vòng tròn cho thấy vùng có thể"),
        "locate_refused": _(
            "Bạn đã không cho phép lấy vị trí. Có thể chọn một nơi trên bản đồ hoặc tìm theo phường, xã."
        ),
        "locate_failed": _("Chưa lấy được vị trí. Có thể chọn một nơi trên bản đồ hoặc tìm theo phường, xã."),
        "layers": _("Lớp"),
        "layers_title": _("Lớp bản đồ và chú giải"),
        "opacity": _("Độ đậm"),
        "opacity_of": _("Độ đậm của lớp {layer}, phần trăm"),
        "zoom_hint": _("Phóng to để xem lớp này"),
        "synthetic": _("dữ liệu tổng hợp"),
        "approximate": _("xấp xỉ"),
        "close": _("Đóng"),
        "help": _("Phím tắt"),
        "key_move": _("Di chuyển bản đồ"),
        "key_zoom": _("Phóng to, thu nhỏ"),
        "key_identify": _("Xem đối tượng ở giữa bản đồ"),
        "key_search": _("Tới ô tìm kiếm"),
        "key_layers": _("Mở danh sách lớp"),
        "key_locate": _("Tìm vị trí của tôi"),
        "key_leave": _("Rời bản đồ, đóng bảng"),
        "key_help": _("Mở bảng này"),
        "open_map": _("Mở bản đồ"),
        "retry": _("Thử lại"),
        "layer_failed": _("Chưa tải được lớp {layer}."),
        "base_failed": _("Chưa tải được bản đồ nền."),
        "empty_here": _("Không có đối tượng nào trong khung này."),
        "nothing_here": _("Không có đối tượng nào ở giữa bản đồ."),
        "moved": _("Khung bản đồ rộng {width}, cao {height}; {n} đối tượng"),
        "webgl_missing": _("Trình duyệt không hỗ trợ WebGL 2 nên không vẽ được bản đồ. Danh sách vẫn có đủ nội dung."),
        "webgl_lost": _(
            "Bản đồ đã ngừng vẽ vì trình duyệt lấy lại bộ nhớ đồ hoạ. Tải lại trang để vẽ lại; danh sách vẫn dùng được."
        ),
        "sea_name": _("Biển Đông"),
        "metre": _("m"),
        "kilometre": _("km"),
        "gesture_desktop": _("Giữ Ctrl và cuộn để thu phóng bản đồ"),
        "gesture_mac": _("Giữ ⌘ và cuộn để thu phóng bản đồ"),
        "gesture_touch": _("Dùng hai ngón tay để di chuyển bản đồ"),
    }
