/** The table of picked parcels by keys, its height, and its rows in step with the map. */
import { hear, say } from './events'
import { itemRef } from './list'

const SIZES = ['third', 'half', 'most'] as const
type Size = (typeof SIZES)[number]
const KEPT = 'bt-dock'

/** Buttons for a third, a half and two thirds; the choice stays in this browser. */
export function tendDock(root: HTMLElement): void {
  const group = root.querySelector<HTMLElement>('[data-dock]')
  if (!group) return
  const buttons = [...group.querySelectorAll<HTMLButtonElement>('[data-size]')]
  const set = (size: Size) => {
    root.dataset.size = size
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.size === size))
  }
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const size = button.dataset.size as Size
      set(size)
      try {
        localStorage.setItem(KEPT, size)
      } catch {
        // a browser that keeps nothing still changes the height
      }
    })
  }
  set(kept())
  group.hidden = false
}

function kept(): Size {
  try {
    return SIZES.find((size) => size === localStorage.getItem(KEPT)) ?? 'half'
  } catch {
    return 'half'
  }
}

/** `j` and `k` go from row to row while the table has the focus; a row with the focus is brought into sight on the map. */
export function tendRows(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const table = (event.target as Element).closest<HTMLElement>('.picked__table')
    const by = { j: 1, J: 1, k: -1, K: -1 }[event.key]
    if (!table || by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const links = [...table.querySelectorAll<HTMLElement>('tbody th a')]
    const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement))
    links[nextRow(at, by, links.length)]?.focus()
  })
  root.addEventListener('focusin', (event) => look(event.target as Element))
  root.addEventListener('click', (event) => {
    if (!(event.target as Element).closest('a')) look(event.target as Element)
  })
  hear('bt:found', ({ key }) => {
    const row = root.querySelector<HTMLElement>(`tr[data-feature="${CSS.escape(`parcels/${key}`)}"]`)
    for (const old of root.querySelectorAll('tr[data-found]')) old.removeAttribute('data-found')
    row?.setAttribute('data-found', '')
    row?.scrollIntoView({ block: 'nearest' })
  })
}

/** The row after `at` (−1: none yet); the ends are ends. */
export function nextRow(at: number, by: number, rows: number): number {
  return at < 0 ? 0 : Math.min(rows - 1, Math.max(0, at + by))
}

function look(at: Element): void {
  const row = at.closest<HTMLElement>('tr[data-feature]')
  const item = row && itemRef(row)
  if (item) say('bt:look', { lng: item.lng, lat: item.lat })
}
