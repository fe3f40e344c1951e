/** The bottom sheet of the phone: three stops, by drag or by its button. Elsewhere it is an ordinary column. */
import { say } from './events'

export const STOPS = ['peek', 'half', 'full'] as const
export type Stop = (typeof STOPS)[number]

const PEEK_PX = 96
const PHONE = '(max-width: 639px)'

/** The next stop of the button: up, up, and from the top down to the lowest. */
export function nextStop(stop: Stop): Stop {
  return STOPS[(STOPS.indexOf(stop) + 1) % STOPS.length] as Stop
}

/** The stop nearest to a height; a quick flick (px per ms, up is positive) goes one stop further. */
export function nearestStop(height: number, full: number, speed: number): Stop {
  const heights = [PEEK_PX, full / 2, full]
  if (Math.abs(speed) > 0.6) {
    const beyond = speed > 0 ? heights.findIndex((one) => one > height) : heights.findLastIndex((one) => one < height)
    return STOPS[beyond === -1 ? (speed > 0 ? 2 : 0) : beyond] as Stop
  }
  const gaps = heights.map((one) => Math.abs(one - height))
  return STOPS[gaps.indexOf(Math.min(...gaps))] as Stop
}

export class Sheet {
  private readonly handle = document.createElement('button')
  private stop: Stop = 'half'

  constructor(private readonly sheet: HTMLElement) {
    this.handle.type = 'button'
    this.handle.className = 'sheet__handle'
    this.handle.setAttribute('aria-controls', 'panel')
    sheet.prepend(this.handle)
    this.handle.addEventListener('click', () => this.go(nextStop(this.stop)))
    this.listenToDrag()
    window.addEventListener('resize', () => this.tell())
    sheet.addEventListener('focusin', (event) => {
      if (this.stop === 'peek' && event.target !== this.handle) this.go('half') // the focus is never out of sight
    })
    this.go(this.stop)
  }

  go(stop: Stop): void {
    this.stop = stop
    this.sheet.dataset.stop = stop
    this.sheet.style.removeProperty('--sheet-height')
    const { textGrow = '', textShrink = '' } = this.sheet.dataset
    this.handle.setAttribute('aria-label', stop === 'full' ? textShrink : textGrow)
    this.handle.setAttribute('aria-expanded', String(stop !== 'peek'))
    this.tell()
  }

  /** At least half open, for a card that a click on the map has filled in. */
  reveal(): void {
    if (this.stop === 'peek') this.go('half')
    else if (this.stop === 'full') this.go('half')
  }

  private full(): number {
    return this.sheet.parentElement?.clientHeight ?? innerHeight
  }

  private tell(): void {
    const covered = !matchMedia(PHONE).matches ? 0 : this.stop === 'peek' ? PEEK_PX : this.full() / 2
    const map = document.getElementById('map')
    map?.style.setProperty('--sheet-cover', `${covered}px`)
    if (map) map.dataset.cover = String(covered)
    say('bt:cover', { bottom: covered })
  }

  private listenToDrag(): void {
    let from: { y: number; height: number; at: number } | null = null
    let moved = false
    this.handle.addEventListener('pointerdown', (event) => {
      from = { y: event.clientY, height: this.sheet.offsetHeight, at: event.timeStamp }
      moved = false
      this.handle.setPointerCapture(event.pointerId)
    })
    this.handle.addEventListener('pointermove', (event) => {
      if (!from) return
      const height = from.height + from.y - event.clientY
      moved ||= Math.abs(height - from.height) > 6
      if (!moved) return
      this.sheet.classList.add('sheet--dragging')
      this.sheet.style.setProperty('--sheet-height', `${Math.min(this.full(), Math.max(PEEK_PX, height))}px`)
    })
    const drop = (event: PointerEvent) => {
      if (!from) return
      this.sheet.classList.remove('sheet--dragging')
      const up = from.y - event.clientY
      const speed = up / Math.max(1, event.timeStamp - from.at)
      if (moved) this.go(nearestStop(from.height + up, this.full(), speed))
      from = null
    }
    this.handle.addEventListener('pointerup', drop)
    this.handle.addEventListener('pointercancel', drop)
    this.handle.addEventListener('click', (event) => moved && event.stopImmediatePropagation(), true)
  }
}
