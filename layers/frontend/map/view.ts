/** The only file that knows the map library. It draws, moves, and tells what lies under a point. */
import {
  addProtocol, LngLatBounds, Map as LibreMap, setWorkerUrl,
  type GeoJSONSource, type LayerSpecification, type MapGeoJSONFeature, type MapMouseEvent, type RequestParameters, type SourceSpecification,
  type StyleSpecification,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Bounds, FeatureRef } from '../lib/events'
import type { View } from '../lib/hash'
import type { BaseStyle } from './basemap'
import type { Layer } from './compose'
import { paint, parseImageName } from './images'
import { fontFaces } from './fonts'
import { ANCHORS, markLayers, MARK_SOURCES } from './marks'
import type { Gestures, Hit, Padding, Signals, Tap, ViewOptions } from './seen'

type Point = [number, number]

const NUDGE_MS = 1000
const DRAG_PX = 4 // less is a click of an unsteady hand

setWorkerUrl(workerUrl)

/** Teaches the library `pmtiles://`, and tells of an archive whether it holds vector tiles. Fetched only when needed. */
export async function openArchive(url: string): Promise<boolean> {
  const { PMTiles, Protocol, TileType } = await import('pmtiles')
  const protocol = new Protocol()
  const archive = new PMTiles(url)
  protocol.add(archive)
  addProtocol('pmtiles', protocol.tile)
  return (await archive.getHeader()).tileType === TileType.Mvt
}

export class MapView {
  private readonly map: LibreMap
  private readonly hovered: { source: string; id: string }[] = []
  private readonly collections = new Set<string>()
  private readonly picked = new Map<string, Set<string>>()
  private gestures: Gestures | null = null
  /** a collection whose areas are meant before others that lie above it */
  preferred = ''
  private lastPointer: Point | null = null
  private frame = 0

  /** Throws when the browser gives no WebGL 2. */
  constructor(container: HTMLElement, options: ViewOptions, private readonly signals: Signals) {
    const start = Array.isArray(options.start)
      ? { bounds: options.start, fitBoundsOptions: { padding: options.padding } }
      : { center: [options.start.lng, options.start.lat] as Point, zoom: options.start.zoom }
    this.map = new LibreMap({
      container,
      style: styleOf(options.base),
      ...start,
      attributionControl: false,
      cooperativeGestures: options.cooperative,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      maxPitch: 0,
      minZoom: 5,
      maxZoom: 21,
      fadeDuration: options.reduceMotion ? 0 : 160,
      ...(options.reduceMotion ? { reduceMotion: true } : {}),
      locale: options.locale,
      renderWorldCopies: false,
      transformRequest: absolute,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.setMissingStyleImageResolver((id) => this.provideImage(id))
    this.listen()
  }

  private listen(): void {
    const { map, signals } = this
    let nudge = this.nudges()
    map.on('idle', () => {
      clearInterval(nudge)
      signals.idle()
    })
    map.on('movestart', () => {
      clearInterval(nudge)
      nudge = this.nudges()
      signals.moving()
    })
    map.on('moveend', () => signals.moved())
    map.on('error', (event) => {
      const source = (event as unknown as { sourceId?: string }).sourceId ?? null
      signals.failed(source, event.error?.message ?? '')
    })
    map.on('webglcontextlost', () => signals.lost())
    map.on('click', (event) => {
      if (this.gestures) this.gestures.tap(tapOf(event))
      else signals.click(this.at([event.point.x, event.point.y], 22), tapOf(event))
    })
    map.on('dblclick', (event) => {
      if (!this.gestures) return
      event.preventDefault()
      this.gestures.double(tapOf(event))
    })
    map.on('mousedown', (event) => this.followDrag(event))
    map.on('mousemove', (event) => {
      if (this.gestures) this.gestures.move(tapOf(event))
      else this.scheduleHover([event.point.x, event.point.y])
    })
    map.on('mouseout', () => this.scheduleHover(null))
  }

  /** After tiles that answer 404 the library paints no frame, and without a frame it never says that it is idle. */
  private nudges(): number {
    return window.setInterval(() => this.map.triggerRepaint(), NUDGE_MS)
  }

  private scheduleHover(point: Point | null): void {
    this.lastPointer = point
    if (this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      const at = this.lastPointer
      const hit = at && !this.map.isMoving() ? this.at(at, 4) : null
      this.signals.hover(hit, at?.[0] ?? 0, at?.[1] ?? 0)
    })
  }

  /** From here the pointer draws; null gives it back to the map. */
  draw(gestures: Gestures | null): void {
    this.gestures = gestures
    if (gestures) this.scheduleHover(null)
  }

  /** Tells where the pointer is, or the middle of the map after it moved. */
  pointed(tell: (at: Tap) => void): void {
    this.map.on('mousemove', (event) => tell(tapOf(event)))
    this.map.on('move', () => tell(this.centre()))
  }

  /** Shift belongs to those who add with it: the map no longer zooms to a box dragged with it. */
  freeShift(): void {
    this.map.boxZoom.disable()
  }

  private followDrag(event: MapMouseEvent): void {
    const drag = this.gestures?.drag
    if (!drag || event.originalEvent.button !== 0) return
    event.preventDefault() // the map stays where it is
    const from = tapOf(event)
    let to = from
    const move = (next: MapMouseEvent) => {
      to = tapOf(next)
      drag(from, to, false)
    }
    this.map.on('mousemove', move)
    addEventListener('mouseup', () => {
      this.map.off('mousemove', move)
      if (Math.hypot(to.x - from.x, to.y - from.y) >= DRAG_PX) drag(from, to, true)
    }, { once: true })
  }

  private provideImage(id: string): void {
    const image = parseImageName(id)
    if (!image || this.map.hasImage(id)) return
    const ratio = Math.max(1, Math.min(3, window.devicePixelRatio))
    this.map.addImage(id, paint(image, ratio), { pixelRatio: ratio })
  }

  /** Resolves once the style is there and layers may be added. */
  ready(): Promise<void> {
    return new Promise((done) => {
      if (this.map.isStyleLoaded()) done()
      else this.map.once('style.load', () => done())
    })
  }

  /**
   * Adds a vector source and its layers: areas and lines above those of the collections added before, points and words
   * below them, so that the first collection of the list keeps its names where there is no room for all.
   */
  add(collection: string, tilejson: string, layers: Layer[]): void {
    this.collections.add(collection)
    this.map.addSource(collection, { type: 'vector', url: absoluteUrl(tilejson), promoteId: 'key' })
    const order = this.map.getLayersOrder()
    const words = order[order.indexOf(ANCHORS.points) + 1] ?? ANCHORS.marks
    for (const layer of layers) this.map.addLayer(layer as unknown as LayerSpecification, PLACES[layer.type] ?? words)
  }

  remove(collection: string): void {
    for (const layer of this.map.getStyle().layers) {
      if ('source' in layer && layer.source === collection) this.map.removeLayer(layer.id)
    }
    if (this.map.getSource(collection)) this.map.removeSource(collection)
  }

  /** Brings filter, paint and visibility of layers that are on the map to what `layers` says. */
  restyle(layers: Layer[]): void {
    for (const layer of layers) {
      if (!this.map.getLayer(layer.id)) continue
      this.map.setFilter(layer.id, (layer.filter ?? null) as Parameters<LibreMap['setFilter']>[1])
      this.map.setLayoutProperty(layer.id, 'visibility', (layer.layout?.visibility ?? 'visible') as 'visible' | 'none')
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        if (name.endsWith('-opacity')) this.map.setPaintProperty(layer.id, name as 'fill-opacity', value as number)
      }
    }
  }

  /** The feature at a canvas point, points before areas; `reach` pixels around count for points. `without`: a collection. */
  at(point: Point, reach: number, without = ''): Hit | null {
    const box: [Point, Point] = [[point[0] - reach, point[1] - reach], [point[0] + reach, point[1] + reach]]
    const asked = (f: MapGeoJSONFeature) => this.ours(f) && f.source !== without
    const near = this.map.queryRenderedFeatures(box).filter((f) => asked(f) && f.geometry.type === 'Point')
    near.sort((a, b) => this.gap(a, point) - this.gap(b, point))
    const all = this.map.queryRenderedFeatures(point).filter(asked)
    const under = near[0] ?? all.find((f) => f.source === this.preferred) ?? all[0]
    return under ? this.hitOf(under, point) : null
  }

  /** Of one of our collections, with a key, and not of a layer that its style marks `bt:inert`. */
  private ours(feature: MapGeoJSONFeature): boolean {
    const inert = (feature.layer.metadata as Record<string, unknown> | undefined)?.['bt:inert'] === true
    return this.collections.has(feature.source) && feature.properties.key !== undefined && !inert
  }

  private gap(feature: MapGeoJSONFeature, point: Point): number {
    if (feature.geometry.type !== 'Point') return Infinity
    const at = this.map.project(feature.geometry.coordinates as Point)
    return Math.hypot(at.x - point[0], at.y - point[1])
  }

  private hitOf(feature: MapGeoJSONFeature, point: Point): Hit {
    const { geometry, properties } = feature
    const at = geometry.type === 'Point' ? (geometry.coordinates as Point) : this.map.unproject(point).toArray()
    return {
      collection: feature.source,
      key: String(properties.key),
      name: String(properties.name_vi ?? properties.label ?? properties.key),
      nameEn: String(properties.name_en ?? ''),
      lng: at[0],
      lat: at[1],
    }
  }

  /** Keys of the features drawn now, once each, per collection. */
  drawn(): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>()
    for (const feature of this.map.queryRenderedFeatures().filter((f) => this.ours(f))) {
      const keys = found.get(feature.source) ?? new Set<string>()
      found.set(feature.source, keys.add(String(feature.properties.key)))
    }
    return found
  }

  /** What is drawn at a canvas point, for tests: layer ids and keys, topmost first. */
  rendered(point: Point): { layer: string; key: string; picked: boolean }[] {
    return this.map.queryRenderedFeatures(point).map((f) => ({ layer: f.layer.id, key: String(f.properties.key ?? ''), picked: f.state.picked === true }))
  }

  /** Layers of one's own above areas and lines; `source` is one of features to come (`mark`), or absent for tiles. */
  overlay(source: string | null, layers: Layer[]): void {
    if (source) this.map.addSource(source, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    for (const layer of layers) this.map.addLayer(layer as unknown as LayerSpecification, layer.type === 'circle' ? ANCHORS.marks : ANCHORS.points)
  }

  has(collection: string): boolean {
    return this.map.getSource(collection) !== undefined
  }

  /** Gives the features of these keys, and no others, the state `picked`. Only what differs is told to the tiles. */
  pick(collection: string, keys: Set<string>): void {
    const before = this.picked.get(collection) ?? new Set()
    const target = { source: collection, sourceLayer: collection }
    for (const id of before) if (!keys.has(id)) this.map.removeFeatureState({ ...target, id }, 'picked')
    for (const id of keys) if (!before.has(id)) this.map.setFeatureState({ ...target, id }, { picked: true })
    this.picked.set(collection, keys)
  }

  setHover(ref: FeatureRef | null): void {
    for (const old of this.hovered.splice(0)) {
      this.map.removeFeatureState({ ...old, sourceLayer: old.source }, 'hover')
    }
    if (!ref || !this.map.getSource(ref.collection)) return
    const state = { source: ref.collection, id: ref.key }
    this.map.setFeatureState({ ...state, sourceLayer: state.source }, { hover: true })
    this.hovered.push(state)
  }

  /** Fills one of the mark sources (`selected`, `highlight` or `position`) or one of an overlay. */
  mark(source: string, features: GeoJSON.Feature[]): void {
    const target = this.map.getSource(MARK_SOURCES[source as keyof typeof MARK_SOURCES] ?? source) as GeoJSONSource | undefined
    target?.setData({ type: 'FeatureCollection', features })
  }

  view(): View {
    const { lng, lat } = this.map.getCenter()
    return { zoom: this.map.getZoom(), lat, lng }
  }

  /** [west, south, east, north] of what the canvas shows. */
  bounds(): Bounds {
    return this.map.getBounds().toArray().flat() as Bounds
  }

  metresPerPixel(): number {
    return (Math.cos((this.map.getCenter().lat * Math.PI) / 180) * 40_075_016.686) / (512 * 2 ** this.map.getZoom())
  }

  minZoomOf(collection: string): number {
    return (this.map.getSource(collection) as { minzoom?: number } | undefined)?.minzoom ?? 0
  }

  attributions(): string[] {
    const sources = Object.keys(this.map.getStyle().sources).map((id) => this.map.getSource(id))
    return sources.map((source) => (source as { attribution?: string } | undefined)?.attribution ?? '')
  }

  jump(view: View): void {
    this.map.jumpTo({ center: [view.lng, view.lat], zoom: view.zoom })
  }

  /** Shows the bounds, never closer than `maxZoom`. */
  fit(bounds: Bounds, padding: Padding, maxZoom: number): void {
    this.map.fitBounds(new LngLatBounds(bounds), { padding, maxZoom, duration: 500 })
  }

  contains(lng: number, lat: number, padding: Padding): boolean {
    const at = this.map.project([lng, lat])
    const { clientWidth: w, clientHeight: h } = this.map.getContainer()
    return at.x >= padding.left && at.x <= w - padding.right && at.y >= padding.top && at.y <= h - padding.bottom
  }

  /** Brings a point into the middle of the free part of the map, keeping the zoom. */
  show(lng: number, lat: number, padding: Padding): void {
    this.map.easeTo({ center: [lng, lat], padding, duration: 300 })
    this.map.once('moveend', () => this.map.setPadding({ top: 0, right: 0, bottom: 0, left: 0 }))
  }

  zoomBy(steps: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + steps, duration: 200 })
  }

  panBy(x: number, y: number): void {
    this.map.panBy([x, y], { duration: 200 })
  }

  project(lngLat: Point): { x: number; y: number } {
    const { x, y } = this.map.project(lngLat)
    return { x, y }
  }

  /** The middle of the canvas. */
  centre(): Tap {
    const { clientWidth, clientHeight } = this.map.getContainer()
    const { lng, lat } = this.map.unproject([clientWidth / 2, clientHeight / 2])
    return { lng, lat, x: clientWidth / 2, y: clientHeight / 2, shift: false }
  }

  /** The feature in the middle of the canvas. */
  atCentre(): Hit | null {
    const { x, y } = this.centre()
    return this.at([x, y], 22)
  }

  canvas(): HTMLCanvasElement {
    return this.map.getCanvas()
  }
}

function tapOf({ lngLat, point, originalEvent }: MapMouseEvent): Tap {
  return { lng: lngLat.lng, lat: lngLat.lat, x: point.x, y: point.y, shift: originalEvent.shiftKey }
}

function styleOf(base: BaseStyle): StyleSpecification {
  const marks = Object.values(MARK_SOURCES).map((id) => [id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }])
  return {
    version: 8,
    ...(base.sprite === undefined ? {} : { sprite: base.sprite as string }),
    ...(base.glyphs === undefined ? {} : { glyphs: base.glyphs }),
    'font-faces': fontFaces(),
    sources: { ...base.sources, ...Object.fromEntries(marks) } as Record<string, SourceSpecification>,
    layers: [...base.layers, ...markLayers()] as unknown as LayerSpecification[],
  } as StyleSpecification
}

/** Areas go under lines, lines under points and words, so that no layer's fill hides another's marker. */
const PLACES: Record<string, string> = { fill: ANCHORS.lines, line: ANCHORS.selection }

function absoluteUrl(address: string): string {
  return decodeURI(new URL(address, document.baseURI).href)
}

/** The library loads in a worker, where a path without host means nothing. */
function absolute(url: string): RequestParameters {
  return { url: /^[a-z]+:/i.test(url) ? url : absoluteUrl(url) }
}
