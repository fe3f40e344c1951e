/** The map's own furniture: buttons of 44 px, scale, attribution, messages. Each gesture has a button here. */
import { attributionNodes, button, lineIcon, make } from './dom'
import { scaleBar, uniqueTexts } from './compose'
import type { Texts } from './text'

export interface Acts {
  zoom(steps: number): void
  pan(x: number, y: number): void
  whole(): void
  locate(): void
  layers(): void
  help(): void
}

const PAN_PX = 120

export class Controls {
  readonly layersButton: HTMLButtonElement
  private readonly foot = make('p', { class: 'map__attribution' })
  private readonly scale = make('div', { class: 'map__scale', 'aria-hidden': 'true' })
  private readonly messages = make('div', { class: 'map__messages', role: 'status' })
  private readonly tip = make('div', { class: 'map__tip', hidden: true, 'aria-hidden': 'true' })

  constructor(private readonly region: HTMLElement, private readonly text: Texts, acts: Acts, embedded: boolean) {
    this.layersButton = button(text.layers_title, 'layers', acts.layers, embedded ? '' : text.layers)
    this.layersButton.setAttribute('aria-expanded', 'false')
    const column = make('div', { class: 'map__controls' })
    const zoom = make('div', { class: 'map__group' }, button(text.zoom_in, 'plus', () => acts.zoom(1)), button(text.zoom_out, 'minus', () => acts.zoom(-1)))
    const pan = this.panPad(acts)
    const places = make('div', { class: 'map__group' }, button(text.whole, 'whole', acts.whole), this.panToggle(pan))
    column.append(zoom)
    if (!embedded) column.append(make('div', { class: 'map__group' }, button(text.locate, 'locate', acts.locate, text.locate)))
    column.append(make('div', { class: 'map__group' }, this.layersButton), places, pan)
    if (!embedded) {
      const help = button(text.help, 'help', acts.help)
      help.classList.add('map__button--desktop')
      places.append(help)
    }
    const cross = make('div', { class: 'map__crosshair', 'aria-hidden': 'true' }, lineIcon('cross'))
    region.append(make('div', { class: 'map__progress' }), cross, column, this.messages, make('div', { class: 'map__foot' }, this.scale, this.foot), this.tip)
  }

  private panPad(acts: Acts): HTMLElement {
    const { text } = this
    return make(
      'div', { class: 'map__group map__pan', id: 'map-pan', hidden: true },
      button(text.pan_up, 'up', () => acts.pan(0, -PAN_PX)),
      button(text.pan_left, 'left', () => acts.pan(-PAN_PX, 0)),
      button(text.pan_right, 'right', () => acts.pan(PAN_PX, 0)),
      button(text.pan_down, 'down', () => acts.pan(0, PAN_PX)),
    )
  }

  private panToggle(pad: HTMLElement): HTMLButtonElement {
    const toggle = button(this.text.pan, 'move', () => {
      pad.hidden = !pad.hidden
      toggle.setAttribute('aria-expanded', String(!pad.hidden))
    })
    toggle.setAttribute('aria-expanded', 'false')
    toggle.setAttribute('aria-controls', 'map-pan')
    return toggle
  }

  setBusy(busy: boolean): void {
    this.region.setAttribute('aria-busy', String(busy))
  }

  setAttribution(texts: (string | undefined)[]): void {
    const parts = uniqueTexts(texts)
    this.foot.replaceChildren(...parts.flatMap((part, i) => (i ? [' · ', ...attributionNodes(part)] : attributionNodes(part))))
    this.foot.hidden = parts.length === 0
  }

  setScale(metresPerPixel: number, lang: string): void {
    const { metres, px } = scaleBar(metresPerPixel, 110)
    const number = new Intl.NumberFormat(lang)
    this.scale.textContent = metres >= 1000 ? `${number.format(metres / 1000)} ${this.text.kilometre}` : `${number.format(metres)} ${this.text.metre}`
    this.scale.style.width = `${px}px`
  }

  /** One message per `id`; a second one of the same id replaces the first. */
  message(id: string, words: string, act?: { label: string; run(): void }): void {
    this.clear(id)
    const kind = id === 'locate' || id === 'empty' ? 'map__message map__message--info' : 'map__message'
    const line = make('p', { class: kind, 'data-message': id }, make('span', {}, words))
    if (act) {
      const retry = make('button', { type: 'button', class: 'button button--small' }, act.label)
      retry.addEventListener('click', () => {
        line.remove()
        act.run()
      })
      line.append(retry)
    }
    const close = make('button', { type: 'button', class: 'icon-button', 'aria-label': this.text.close }, lineIcon('close'))
    close.addEventListener('click', () => line.remove())
    line.append(close)
    this.messages.append(line)
  }

  clear(id: string): void {
    for (const line of [...this.messages.children]) if ((line as HTMLElement).dataset.message === id) line.remove()
  }

  showTip(words: string, x: number, y: number): void {
    this.tip.textContent = words
    this.tip.hidden = words === ''
    if (this.tip.hidden) return
    const left = Math.min(x + 14, this.region.clientWidth - this.tip.offsetWidth - 8)
    const top = y + 18 + this.tip.offsetHeight > this.region.clientHeight ? y - this.tip.offsetHeight - 10 : y + 18
    this.tip.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`
  }
}
