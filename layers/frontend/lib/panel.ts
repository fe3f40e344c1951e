/** The panel beside the map: fragments come in by htmx, the map hears what they show, back and forward work. */
import htmx from 'htmx.org'
import { hear, say, type MapState } from './events'
import type { Sheet } from './sheet'
import { announce } from './status'

export function tendPanel(panel: HTMLElement, sheet: Sheet | null): void {
  hear('bt:select', ({ url, byKey }) => {
    if (!sheet) return location.assign(url) // a page of one feature: the other has a page of its own
    void load(url, true).then(() => {
      sheet.reveal()
      if (byKey) focusHeading(panel)
    })
  })
  document.addEventListener('htmx:after:swap', () => afterSwap(panel))
  // htmx would replace the whole body on back and forward, and the map with it: only the panel changes.
  document.addEventListener('htmx:before:history:restore', (event) => {
    if (!sheet) return
    event.preventDefault()
    const { path } = (event as CustomEvent<{ path: string }>).detail
    void load(path, false)
  })
}

/** A fragment into the panel; when it cannot be had, the whole page is asked for, and the browser says what is wrong. */
async function load(url: string, push: boolean): Promise<void> {
  try {
    await htmx.ajax('GET', url, { target: '#panel', swap: 'innerHTML', ...(push ? { push: url } : {}) })
  } catch {
    location.assign(url)
  }
}

let shown: Element | null = null

function afterSwap(panel: HTMLElement): void {
  const root = panel.querySelector<HTMLElement>('[data-map-state]')
  if (!root || root === shown) return
  shown = root
  panel.scrollTop = 0
  say('bt:state', JSON.parse(root.dataset.mapState ?? '{}') as MapState)
  announce(root.dataset.announce ?? '')
}

function focusHeading(panel: HTMLElement): void {
  const heading = panel.querySelector<HTMLElement>('h1, h2')
  if (!heading) return panel.focus()
  heading.tabIndex = -1
  heading.focus()
}
