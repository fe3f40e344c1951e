/** The list of layers with legend and opacity: a panel over the map, so that a change is seen at once. */
import type { CollectionConfig } from './config'
import { legendMark, lineIcon, make } from './dom'
import { fill, type Texts } from './text'

export interface LayerListActs {
  /** a layer was shown, hidden or faded */
  changed(collection: CollectionConfig): void
  closed(): void
}

export class LayerList {
  private readonly panel: HTMLElement
  private readonly hints = new Map<string, HTMLElement>()

  constructor(region: HTMLElement, collections: CollectionConfig[], private readonly text: Texts, private readonly acts: LayerListActs) {
    const close = make('button', { type: 'button', class: 'icon-button', 'aria-label': text.close }, lineIcon('close'))
    close.addEventListener('click', () => this.close())
    const head = make('div', { class: 'dialog__head' }, make('h2', { id: 'map-layers-title', tabindex: '-1' }, text.layers_title), close)
    const rows = collections.map((collection) => this.row(collection))
    const body = make('div', { class: 'dialog__body' }, make('ul', { class: 'layers' }, ...rows))
    this.panel = make('section', { class: 'map__layers', id: 'map-layers', 'aria-labelledby': 'map-layers-title', hidden: true }, head, body)
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation() // the map would take it as leaving, and the focus would go to the list
      this.close()
    })
    region.append(this.panel)
  }

  get open(): boolean {
    return !this.panel.hidden
  }

  show(): void {
    this.panel.hidden = false
    this.panel.querySelector<HTMLElement>('h2')?.focus()
  }

  close(): void {
    if (this.panel.hidden) return
    this.panel.hidden = true
    this.acts.closed()
  }

  /** Says of each layer whether the map is too far out to draw it. */
  setZoom(zoom: number, minZoomOf: (collection: string) => number): void {
    for (const [id, hint] of this.hints) hint.hidden = zoom >= minZoomOf(id)
  }

  private row(collection: CollectionConfig): HTMLElement {
    const box = make('input', { type: 'checkbox', id: `layer-${collection.id}` })
    box.checked = collection.visible
    box.addEventListener('change', () => {
      collection.visible = box.checked
      this.acts.changed(collection)
    })
    const badges = [
      collection.synthetic ? make('span', { class: 'badge badge--synthetic' }, this.text.synthetic) : '',
      collection.approximate ? make('span', { class: 'badge badge--approximate' }, this.text.approximate) : '',
    ]
    const name = make('label', { class: 'layer__name', for: box.id }, box, collection.title)
    const hint = make('p', { class: 'layer__hint', hidden: true }, this.text.zoom_hint)
    this.hints.set(collection.id, hint)
    return make('li', { class: 'layer' }, make('div', { class: 'layer__head' }, name, ...badges), hint, this.opacity(collection), this.legend(collection))
  }

  /** A slider and a number of the same value: what a drag can do, typing can do. */
  private opacity(collection: CollectionConfig): HTMLElement {
    const label = fill(this.text.opacity_of, { layer: collection.title })
    const value = String(Math.round(collection.opacity * 100))
    const limits = { min: 0, max: 100, step: 5, value, 'aria-label': label }
    const range = make('input', { type: 'range', ...limits })
    const number = make('input', { type: 'number', ...limits, step: 1, inputmode: 'numeric' })
    const set = (from: HTMLInputElement, to: HTMLInputElement) => {
      const percent = Math.min(100, Math.max(0, Number(from.value) || 0))
      to.value = String(percent)
      collection.opacity = percent / 100
      this.acts.changed(collection)
    }
    range.addEventListener('input', () => set(range, number))
    number.addEventListener('change', () => set(number, range))
    return make('div', { class: 'layer__opacity' }, make('span', {}, this.text.opacity), range, number, '%')
  }

  private legend(collection: CollectionConfig): HTMLElement {
    const items = collection.legend.map((item) => make('li', {}, legendMark(item.color, item.icon, item.pattern), item.label))
    return make('ul', { class: 'legend' }, ...items)
  }
}

/** The keys of the map, in a modal dialog; `bench`: those of the workbench as well. */
export function helpDialog(text: Texts, bench: boolean): HTMLDialogElement {
  const close = make('button', { type: 'button', class: 'icon-button', 'aria-label': text.close }, lineIcon('close'))
  const keys: [string[], string][] = [
    [['←', '↑', '→', '↓'], text.key_move], [['+', '−'], text.key_zoom], [['Enter'], text.key_identify], [['/'], text.key_search],
    [['L'], text.key_layers], [['G'], text.key_locate], [['Esc'], text.key_leave], [['?'], text.key_help],
  ]
  const more: [string[], string][] = [
    [['B', 'K', 'V', 'D'], text.key_tools], [['1', '2', '3', '4'], text.key_modes], [['Space'], text.key_corner], [['Enter'], text.key_done],
    [['Backspace'], text.key_back], [['Ctrl+Z', 'Ctrl+Shift+Z'], text.key_undo], [['j', 'k'], text.key_rows],
  ]
  const rows = [...keys, ...(bench ? more : [])].flatMap(([names, words]) => [
    make('dt', {}, ...names.flatMap((name, i) => (i ? [' ', make('kbd', {}, name)] : [make('kbd', {}, name)]))),
    make('dd', {}, words),
  ])
  const dialog = make(
    'dialog', { class: 'dialog', 'aria-labelledby': 'map-help-title' },
    make('div', { class: 'dialog__head' }, make('h2', { id: 'map-help-title' }, text.help), close),
    make('div', { class: 'dialog__body' }, make('dl', { class: 'keys' }, ...rows)),
  )
  close.addEventListener('click', () => dialog.close())
  document.body.append(dialog)
  return dialog
}
