/** Every string the map shows. The server sends them translated; the list of keys is the contract. */
export const TEXT = {
  map_label: 'Bản đồ: phím mũi tên để di chuyển, + và − để thu phóng, Enter để xem nơi ở giữa, Esc để ra, ? để xem mọi phím',
  zoom_in: 'Phóng to',
  zoom_out: 'Thu nhỏ',
  pan: 'Di chuyển bản đồ',
  pan_up: 'Lên phía bắc',
  pan_down: 'Xuống phía nam',
  pan_left: 'Sang phía tây',
  pan_right: 'Sang phía đông',
  whole: 'Xem toàn tỉnh',
  locate: 'Gần tôi',
  locating: 'Đang tìm vị trí…',
  located: 'Đã tìm thấy vị trí của bạn, sai số khoảng {m} m',
  located_rough: 'Vị trí chỉ gần đúng, sai số khoảng {m} m: vòng tròn cho thấy vùng có thể',
  locate_refused: 'Bạn đã không cho phép lấy vị trí. Có thể chọn một nơi trên bản đồ hoặc tìm theo phường, xã.',
  locate_failed: 'Chưa lấy được vị trí. Có thể chọn một nơi trên bản đồ hoặc tìm theo phường, xã.',
  layers: 'Lớp',
  layers_title: 'Lớp bản đồ và chú giải',
  opacity: 'Độ đậm',
  opacity_of: 'Độ đậm của lớp {layer}, phần trăm',
  zoom_hint: 'Phóng to để xem lớp này',
  synthetic: 'dữ liệu tổng hợp',
  approximate: 'xấp xỉ',
  close: 'Đóng',
  help: 'Phím tắt',
  key_move: 'Di chuyển bản đồ',
  key_zoom: 'Phóng to, thu nhỏ',
  key_identify: 'Xem đối tượng ở giữa bản đồ',
  key_search: 'Tới ô tìm kiếm',
  key_layers: 'Mở danh sách lớp',
  key_locate: 'Tìm vị trí của tôi',
  key_leave: 'Rời bản đồ, đóng bảng',
  key_help: 'Mở bảng này',
  open_map: 'Mở bản đồ',
  retry: 'Thử lại',
  layer_failed: 'Chưa tải được lớp {layer}.',
  base_failed: 'Chưa tải được bản đồ nền.',
  empty_here: 'Không có đối tượng nào trong khung này.',
  nothing_here: 'Không có đối tượng nào ở giữa bản đồ.',
  moved: 'Khung bản đồ rộng {width}, cao {height}; {n} đối tượng',
  webgl_missing: 'Trình duyệt không hỗ trợ WebGL 2 nên không vẽ được bản đồ. Danh sách vẫn có đủ nội dung.',
  webgl_lost: 'Bản đồ đã ngừng vẽ vì trình duyệt lấy lại bộ nhớ đồ hoạ. Tải lại trang để vẽ lại; danh sách vẫn dùng được.',
  sea_name: 'Biển Đông',
  metre: 'm',
  kilometre: 'km',
  gesture_desktop: 'Giữ Ctrl và cuộn để thu phóng bản đồ',
  gesture_mac: 'Giữ ⌘ và cuộn để thu phóng bản đồ',
  gesture_touch: 'Dùng hai ngón tay để di chuyển bản đồ',
} as const

export type TextKey = keyof typeof TEXT
export type Texts = Record<TextKey, string>

/** Replaces `{name}` places; a place without a value is left as it is, so that a slip shows. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place))
}
