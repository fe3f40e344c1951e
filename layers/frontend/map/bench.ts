/** The workbench's map: tools that pick parcels, the picked ones drawn, and both in step with the page. */
import { hear, say, type Bounds, type MapQuestion } from '../lib/events'
import { groundLabel } from '../lib/vn2000'
import type { MapConfig } from './config'
import type { Controls } from './controls'
import { make } from './dom'
import { takesText } from './keys'
import { dotFeatures, dotLayers, DOTS, NEAR_ZOOM, PARCELS, parcelLayers, SKETCH, sketchLayers, type Place } from './picked'
import type { Gestures, Hit, Padding, Tap } from './seen'
import { feature, Sketch, type Corner } from './sketch'
import { fill, type Texts } from './text'
import { MODES, TOOL_KEYS, ToolStrip, type Tool } from './tools'
import type { MapView } from './view'

const FIT_ZOOM = 17
const SAME_PX = 6 // a second click so near is part of a double click
const CLOSE_PX = 10

export class BenchMap {
  private readonly strip: ToolStrip | null
  private readonly text: Texts
  private readonly ground = make('div', { class: 'map__ground', 'aria-hidden': 'true' })
  private tool: Tool | null = null
  private sketch: Sketch | null = null
  private shape: GeoJSON.Polygon | null = null
  private places: Place[] = []
  private keys = new Set<string>()
  private fetching: AbortController | null = null
  private ready = false
  private ghost = 0

  constructor(private readonly region: HTMLElement, private readonly view: MapView, private readonly controls: Controls, config: MapConfig, private readonly padding: () => Padding) {
    this.text = config.text
    this.strip = document.querySelector('form[data-ask]') ? this.tools() : null
    region.append(this.ground)
    view.freeShift()
    view.preferred = PARCELS
    view.pointed(({ lng, lat }) => {
      this.ground.textContent = groundLabel(lng, lat, config.lang)
    })
    hear('bt:ready', () => this.begin())
    hear('bt:picked', ({ url, box }) => void this.take(url, box))
    hear('bt:shape', ({ shape }) => {
      this.shape = shape
      this.drawSketch()
    })
    hear('bt:near', ({ metres, by }) => {
      if (by === 'page') this.strip?.setNear(metres)
    })
    hear('bt:fault', ({ text }) => {
      if (text) controls.message('bench', text)
      else controls.clear('bench')
    })
    hear('bt:look', ({ lng, lat }) => {
      if (this.ready && !view.contains(lng, lat, padding())) view.show(lng, lat, padding())
    })
  }

  added(collection: string): void {
    if (collection !== PARCELS) return
    this.view.overlay(null, parcelLayers())
    this.view.pick(PARCELS, new Set())
    this.view.pick(PARCELS, this.keys)
  }

  click(hit: Hit | null, at: Tap): void {
    if (this.tool === 'click') this.pickAt(at)
    else if (this.tool === 'feature') this.takeFeature(at)
    else this.find(this.view.at([at.x, at.y], 0) ?? hit)
  }

  key(event: KeyboardEvent): boolean {
    if (!this.strip || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return false
    const onCanvas = event.target === this.view.canvas()
    const mode = MODES[Number(event.key) - 1]
    const tool = TOOL_KEYS[event.key.toLowerCase()]
    if (mode) say('bt:status', { text: this.strip.setMode(mode) })
    else if (tool) this.choose(tool)
    else if (event.key === 'Escape') return this.leave()
    else if (event.key === 'Backspace' && this.sketch) this.back()
    else if (event.key === ' ' && onCanvas && this.sketch) this.corner()
    else if (event.key === 'Enter' && onCanvas) this.enter()
    else return false
    return true
  }

  private tools(): ToolStrip {
    const strip = new ToolStrip(this.text, {
      tool: (tool) => this.choose(tool === this.tool ? null : tool),
      near: (metres) => say('bt:near', { metres, by: 'map' }),
      corner: () => this.corner(),
      back: () => this.back(),
      done: () => this.finish(),
      leave: () => this.leave(),
    })
    this.region.before(strip.strip)
    this.region.append(strip.drawing)
    strip.strip.addEventListener('keydown', (event) => {
      if (this.key(event)) event.preventDefault()
    })
    return strip
  }

  private begin(): void {
    this.view.overlay(DOTS, dotLayers(!this.view.has(PARCELS)))
    this.view.overlay(SKETCH, sketchLayers())
    this.ready = true
    this.choose(this.strip ? 'click' : null, true)
    this.drawSketch()
    this.drawPicked()
  }

  // ---- tools

  private choose(tool: Tool | null, quietly = false): void {
    this.tool = tool
    this.sketch = tool === 'box' || tool === 'polygon' ? new Sketch(tool) : null
    this.view.draw(this.sketch ? this.gestures(this.sketch) : null)
    this.region.classList.toggle('map--drawing', tool !== null)
    this.region.classList.toggle('map--sketching', this.sketch !== null)
    const { text } = this
    const hints = { click: text.hint_click, box: text.hint_box, polygon: text.hint_polygon, feature: text.hint_feature }
    const hint = tool ? hints[tool] : text.tool_off
    this.strip?.show(tool, hint)
    this.controls.clear('bench')
    this.drawSketch()
    if (!quietly) say('bt:status', { text: this.sketch ? `${hint} ${text.hint_keys}` : hint })
  }

  /** Esc: first out of the drawing, then out of the tool; false when there is nothing to leave. */
  private leave(): boolean {
    if (!this.tool) return false
    this.choose(this.sketch && this.sketch.size > 0 ? this.tool : null)
    return true
  }

  private ask(question: Omit<MapQuestion, 'mode' | 'near'>, adding = false): void {
    if (!this.strip) return
    say('bt:ask', { ...question, mode: adding ? 'add' : this.strip.mode, near: this.strip.near })
  }

  private pickAt({ lng, lat, shift }: Tap): void {
    if (this.view.view().zoom < NEAR_ZOOM) return this.controls.message('bench', this.text.too_far_out)
    this.ask({ point: { lng, lat } }, shift)
  }

  private takeFeature({ x, y, shift }: Tap): void {
    const hit = this.view.at([x, y], 22, PARCELS)
    if (hit) this.ask({ feature: { collection: hit.collection, key: hit.key } }, shift)
    else this.controls.message('bench', this.text.no_feature)
  }

  /** Without a tool a click only shows: the row of a picked parcel, or that it is not picked. */
  private find(hit: Hit | null): void {
    if (!hit) return
    const picked = hit.collection === PARCELS && this.keys.has(hit.key)
    say('bt:status', { text: fill(picked ? this.text.found_picked : this.text.found_other, { name: hit.name }) })
    if (picked) say('bt:found', { key: hit.key, name: hit.name })
  }

  private enter(): void {
    const centre = this.view.centre()
    if (!this.sketch) this.click(this.view.atCentre(), centre)
    else if (this.sketch.enough) this.finish()
    else this.corner()
  }

  // ---- drawing

  private gestures(sketch: Sketch): Gestures {
    const at = ({ lng, lat }: Tap): Corner => [lng, lat]
    return {
      tap: (tap) => {
        if (this.within(tap, sketch.last, SAME_PX)) return
        if (sketch.kind === 'polygon' && sketch.enough && this.within(tap, sketch.first, CLOSE_PX)) return this.finish()
        this.set(at(tap))
      },
      double: () => this.finish(),
      move: (tap) => {
        if (sketch.size === 0) return
        sketch.aim(at(tap))
        this.drawSoon()
      },
      ...(sketch.kind === 'box' ? {
        drag: (from: Tap, to: Tap, done: boolean) => {
          if (sketch.size === 0) sketch.add(at(from))
          sketch.aim(at(to))
          this.drawSoon()
          if (done) this.set(at(to))
        },
      } : {}),
    }
  }

  private within(tap: Tap, corner: Corner | undefined, px: number): boolean {
    if (!corner) return false
    const { x, y } = this.view.project(corner)
    return Math.hypot(x - tap.x, y - tap.y) <= px
  }

  private corner(): void {
    const { lng, lat } = this.view.centre()
    this.set([lng, lat])
  }

  private set(corner: Corner): void {
    if (!this.sketch) return
    const whole = this.sketch.add(corner)
    this.drawSketch()
    if (whole) this.finish()
    else this.count()
  }

  private back(): void {
    this.sketch?.back()
    this.drawSketch()
    this.count()
  }

  private count(): void {
    const text = fill(this.text.corners, { n: this.sketch?.size ?? 0 })
    this.strip?.count(text)
    say('bt:status', { text })
  }

  private finish(): void {
    const shape = this.sketch?.shape()
    if (!shape || !this.tool) return this.controls.message('bench', this.text.too_few)
    this.choose(this.tool, true)
    this.ask({ shape })
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.ghost)
    this.ghost = requestAnimationFrame(() => this.drawSketch())
  }

  private drawSketch(): void {
    if (!this.ready) return
    const drawn = this.sketch && this.sketch.size > 0 ? this.sketch.features() : this.shape ? [feature(this.shape)] : []
    this.view.mark(SKETCH, drawn)
  }

  // ---- what is picked

  private async take(url: string, box: Bounds | null): Promise<void> {
    if (box && this.ready) this.view.fit(roomy(box), this.padding(), FIT_ZOOM)
    this.fetching?.abort()
    const fetching = new AbortController()
    this.fetching = fetching
    try {
      const answer = await fetch(url, { signal: fetching.signal })
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
      this.places = ((await answer.json()) as { places: Place[] }).places
    } catch {
      const retry = { label: this.text.retry, run: () => void this.take(url, null) }
      if (!fetching.signal.aborted) this.controls.message('picked', this.text.picked_failed, retry)
      return
    }
    this.controls.clear('picked')
    this.keys = new Set(this.places.map(([key]) => key))
    this.drawPicked()
  }

  private drawPicked(): void {
    if (!this.ready) return
    this.view.mark(DOTS, dotFeatures(this.places))
    if (this.view.has(PARCELS)) this.view.pick(PARCELS, this.keys)
  }

}

/** Around a single parcel some ground is shown. */
function roomy([west, south, east, north]: Bounds): Bounds {
  return [west - 0.0006, south - 0.0006, east + 0.0006, north + 0.0006]
}
