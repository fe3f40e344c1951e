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
        "tools": _("Công cụ chọn thửa"),
        "tools_how": _("Chọn bằng cách nào"),
        "tool_click": _("Bấm thửa"),
        "tool_box": _("Khung"),
        "tool_polygon": _("Vẽ vùng"),
        "tool_feature": _("Trong đối tượng"),
        "tool_off": _("Không dùng công cụ nào: bấm một thửa chỉ để xem, lựa chọn không đổi."),
        "hint_click": _("Bấm một thửa để chọn; giữ Shift để thêm. Bằng phím: Enter chọn thửa ở giữa bản đồ."),
        "hint_box": _("Kéo khung, hoặc bấm hai góc."),
        "hint_polygon": _(
            "Bấm từng đỉnh, bấm đúp để xong."
        ),
        "hint_keys": _("Bằng phím: phím cách đặt góc, đỉnh ở giữa bản đồ; Enter để xong."),
        "hint_feature": _("Bấm một vùng quy hoạch, đơn vị hay địa điểm: chọn các thửa ở trong đó."),
        "mode": _("Lần chọn tới trên bản đồ"),
        "mode_new": _("Mới"),
        "mode_add": _("Thêm"),
        "mode_remove": _("Bớt"),
        "mode_keep": _("Chỉ giữ"),
        "near_before": _("Cách ≤"),
        "near_label": _("Cách không quá bao nhiêu mét; để trống là chạm hoặc ở trong"),
        "corner_add": _("Đặt đỉnh"),
        "corner_back": _("Bỏ đỉnh"),
        "draw_done": _("Xong"),
        "draw_leave": _("Thôi"),
        "corners": _("{n} đỉnh"),
        "too_few": _("Chưa đủ đỉnh: khung cần hai góc, vùng cần ít nhất ba đỉnh."),
        "too_far_out": _("Hãy phóng to tới khi thấy ranh thửa rồi bấm."),
        "no_feature": _("Ở đây không có đối tượng nào của các lớp đang hiện."),
        "found_picked": _("{name}: đã chọn"),
        "found_other": _("{name}: chưa chọn"),
        "picked_failed": _("Chưa tải được vị trí các thửa đã chọn."),
        "key_tools": _("Công cụ: bấm thửa, khung, vẽ vùng, trong đối tượng"),
        "key_modes": _("Lần chọn tới: mới, thêm, bớt, chỉ giữ"),
        "key_corner": _("Đặt góc, đỉnh ở giữa bản đồ"),
        "key_done": _("Chọn thửa ở giữa bản đồ; xong vùng vẽ"),
        "key_back": _("Bỏ đỉnh cuối"),
        "key_undo": _("Lùi, làm lại một bước chọn"),
        "key_rows": _("Dòng sau, dòng trước của bảng"),
    }
