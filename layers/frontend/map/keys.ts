/** Keys of the map. Single letters act only while the map or its buttons have the focus (WCAG 2.1.4). */

export type MapKey = 'identify' | 'leave' | 'search' | 'help' | 'layers' | 'locate'

/** What a key asks of the map; null leaves it to the browser and to the library (arrows, + and −). */
export function mapKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>, onCanvas: boolean): MapKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  switch (event.key) {
    case 'Enter':
      return onCanvas ? 'identify' : null
    case 'Escape':
      return 'leave'
    case '/':
      return 'search'
    case '?':
      return 'help'
    case 'l':
    case 'L':
      return 'layers'
    case 'g':
    case 'G':
      return 'locate'
    default:
      return null
  }
}

/** True for elements in which a letter is text. */
export function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]')
}
