/** Puts the map together: configuration, view, controls, and the words spoken with the page. */
import { hear, say, type Bounds, type MapState, type SelectedFeature } from '../lib/events'
import { distanceM, formatDistance } from '../lib/distance'
import { formatHash, parseHash } from '../lib/hash'
import { applyLayers, formatLayers, parseLayers } from '../lib/layer_query'
import { baseStyle } from './basemap'
import { collectionLayers, type Filter, type Layer } from './compose'
import { featureUrl, type CollectionConfig, type MapConfig } from './config'
import { Controls } from './controls'
import { mapKey, takesText } from './keys'
import { helpDialog, LayerList } from './layer_list'
import { locate } from './locate'
import { point } from './marks'
import { fill } from './text'
import type { Hit, Padding, Tap } from './seen'
import { MapView, openArchive } from './view'

const MOVE_QUIET_MS = 500
const SELECT_ZOOM = 16
const EDGE_PX = 48

/** What a page with tools of its own (the workbench) does with the map's gestures. */
export interface Tools {
  click(hit: Hit | null, at: Tap): void
  /** true when the key was its own */
  key(event: KeyboardEvent): boolean
  /** a collection is on the map */
  added(collection: string): void
}

/** Draws the map into `region` and keeps it in step with the page. Throws when the browser gives no WebGL 2. */
export async function startMap(region: HTMLElement, config: MapConfig): Promise<void> {
  const base = await baseStyle(config, openArchive)
  const tools = region.dataset.mapMode === 'bench' ? await import('./bench') : null
  const app = new MapApp(region, config, base)
  if (tools) app.tools = new tools.BenchMap(region, app.view, app.controls, config, () => app.padding())
  await app.open()
}

class MapApp {
  readonly view: MapView
  readonly controls: Controls
  tools: Tools | null = null
  private readonly embedded: boolean
  private readonly layerList: LayerList
  private readonly help: HTMLDialogElement
  private readonly fragments = new Map<string, Layer[]>()
  private readonly broken = new Set<string>()
  private collections: CollectionConfig[]
  private filter: Filter
  private cover = 0
  private byKey = false
  private quiet = 0
  private opened = false
  private marked = false

  constructor(private readonly region: HTMLElement, private readonly config: MapConfig, base: Awaited<ReturnType<typeof baseStyle>>) {
    const { text } = config
    const { embedded, cooperative } = kindOf(region)
    this.embedded = embedded
    this.collections = applyLayers(config.collections, parseLayers(location.search)).map((one) => ({ ...one }))
    this.filter = config.filter
    this.cover = Number(region.dataset.cover ?? 0)
    const canvas = document.createElement('div')
    canvas.className = 'map__canvas'
    region.prepend(canvas)
    this.view = new MapView(canvas, {
      base,
      start: this.start(),
      padding: this.padding(),
      cooperative,
      reduceMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
      locale: {
        'Map.Title': text.map_label,
        'CooperativeGesturesHandler.WindowsHelpText': text.gesture_desktop,
        'CooperativeGesturesHandler.MacHelpText': text.gesture_mac,
        'CooperativeGesturesHandler.MobileHelpText': text.gesture_touch,
      },
    }, {
      idle: () => this.onIdle(),
      moving: () => setPhase('loading'),
      moved: () => this.onMoved(),
      failed: (source, reason) => this.onFailed(source, reason),
      hover: (hit, x, y) => this.onHover(hit, x, y),
      click: (hit, at) => this.onClick(hit, at),
      lost: () => fail(region, text.webgl_lost),
    })
    this.controls = new Controls(region, text, {
      zoom: (steps) => this.view.zoomBy(steps),
      pan: (x, y) => this.view.panBy(x, y),
      whole: () => this.view.fit(roomy(config.view.bounds), this.padding(), SELECT_ZOOM),
      locate: () => locate(this.view, this.controls, text, () => this.padding()),
      layers: () => this.toggleLayers(),
      help: () => this.help.showModal(),
    }, embedded)
    this.layerList = new LayerList(region, this.collections, text, {
      changed: (collection) => this.onLayerChanged(collection),
      closed: () => {
        this.controls.layersButton.setAttribute('aria-expanded', 'false')
        this.controls.layersButton.focus()
      },
    })
    this.help = helpDialog(text, region.dataset.mapMode === 'bench')
  }

  async open(): Promise<void> {
    this.controls.setBusy(true)
    this.controls.setAttribution([this.config.basemap.attribution])
    this.listen()
    exposeForTests(this.view)
    const shown = this.collections.filter((collection) => collection.visible)
    await Promise.all([this.view.ready(), ...shown.map((collection) => this.fetchStyle(collection))])
    for (const collection of shown) this.addCollection(collection)
    this.opened = true
    void this.markSelected(this.config.selected)
    say('bt:ready', null)
  }

  /** The hash wins, then the chosen feature on its own page, then the view of the page. */
  private start(): ReturnType<typeof parseHash> & object | Bounds {
    const hash = this.embedded ? null : parseHash(location.hash)
    if (hash) return hash
    const box = this.config.selected?.bbox
    return box ? roomy(box) : this.config.view.bounds
  }

  private listen(): void {
    const { region } = this
    hear('bt:state', (state) => this.onState(state))
    hear('bt:highlight', (item) => {
      this.view.setHover(item)
      const known = item !== null && Number.isFinite(item.lng) && Number.isFinite(item.lat)
      this.view.mark('highlight', known ? [point(item.lng, item.lat)] : [])
    })
    hear('bt:cover', ({ bottom }) => {
      this.cover = bottom
    })
    window.addEventListener('hashchange', () => {
      const view = parseHash(location.hash)
      if (view && !this.embedded) this.view.jump(view)
    })
    region.addEventListener('keydown', (event) => this.onKeyDown(event))
    region.addEventListener('pointerdown', () => this.setByKey(false))
    region.addEventListener('keyup', (event) => {
      if (event.target === this.view.canvas()) this.setByKey(true)
    })
    region.addEventListener('focusout', () => region.classList.remove('map--keyboard'))
  }

  private setByKey(byKey: boolean): void {
    this.byKey = byKey
    this.region.classList.toggle('map--keyboard', byKey)
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (takesText(event.target)) return
    if (this.tools?.key(event)) return event.preventDefault()
    const act = mapKey(event, event.target === this.view.canvas())
    if (act === null) return
    if (act === 'leave' && this.layerList.open) return
    event.preventDefault()
    if (act === 'identify') this.identify()
    else if (act === 'layers') this.toggleLayers()
    else if (act === 'locate') locate(this.view, this.controls, this.config.text, () => this.padding())
    else if (act === 'help') this.help.showModal()
    else if (act === 'search') document.querySelector<HTMLElement>('[data-search] input')?.focus()
    else document.getElementById('panel')?.focus()
  }

  private identify(): void {
    const hit = this.view.atCentre()
    if (hit) this.select(hit, true)
    else say('bt:status', { text: this.config.text.nothing_here })
  }

  private toggleLayers(): void {
    if (this.layerList.open) return this.layerList.close()
    this.controls.layersButton.setAttribute('aria-expanded', 'true')
    this.layerList.show()
  }

  private onClick(hit: Hit | null, at: Tap): void {
    if (this.tools) this.tools.click(hit, at)
    else if (hit) this.select(hit, false)
  }

  private select(hit: Hit, byKey: boolean): void {
    this.controls.showTip('', 0, 0)
    this.view.mark('selected', [point(hit.lng, hit.lat)])
    say('bt:select', { collection: hit.collection, key: hit.key, url: featureUrl(this.config.feature_url, hit.collection, hit.key), byKey })
  }

  private onHover(hit: Hit | null, x: number, y: number): void {
    if (!matchMedia('(hover: hover)').matches) return // a finger does not hover
    this.region.classList.toggle('map--hit', hit !== null)
    this.view.setHover(hit)
    const name = hit && (this.config.lang === 'vi' ? hit.name : hit.nameEn || hit.name)
    this.controls.showTip(name ?? '', x, y)
    say('bt:hover', hit)
  }

  private async onState(state: MapState): Promise<void> {
    this.filter = state.filter
    setTimeout(() => this.writeHash()) // the address has just been replaced, without the view
    for (const collection of this.collections) this.view.restyle(this.layersOf(collection))
    await this.markSelected(state.selected)
    if (state.bounds) this.view.fit(roomy(state.bounds), this.padding(), SELECT_ZOOM)
    else if (state.selected?.bbox) this.showBox(state.selected.bbox)
  }

  /** Moves only when the feature is out of sight, so that a click on a marker does not shake the map. */
  private showBox(box: Bounds): void {
    const [lng, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
    if (this.view.contains(lng, lat, this.padding())) return
    if (box[0] === box[2] && box[1] === box[3]) this.view.show(lng, lat, this.padding())
    else this.view.fit(box, this.padding(), SELECT_ZOOM)
  }

  private async markSelected(selected: SelectedFeature | null): Promise<void> {
    if (!selected) return this.view.mark('selected', [])
    const box = selected.bbox
    if (box && box[0] === box[2] && box[1] === box[3]) return this.view.mark('selected', [point(box[0], box[1])])
    if (!selected.geometry_url) return
    const answer = await fetch(selected.geometry_url, { headers: { Accept: 'application/geo+json, application/json' } })
    if (answer.ok) this.view.mark('selected', [(await answer.json()) as GeoJSON.Feature])
  }

  private async fetchStyle(collection: CollectionConfig): Promise<void> {
    try {
      const answer = await fetch(collection.style_url)
      if (!answer.ok) throw new Error(`${collection.style_url}: ${answer.status}`)
      this.fragments.set(collection.id, ((await answer.json()) as { layers: Layer[] }).layers)
    } catch {
      this.reportFailure(collection)
    }
  }

  private layersOf(collection: CollectionConfig): Layer[] {
    return collectionLayers(this.fragments.get(collection.id) ?? [], collection, this.filter, this.config.lang)
  }

  private addCollection(collection: CollectionConfig): void {
    if (!this.fragments.has(collection.id)) return
    this.view.add(collection.id, collection.tilejson_url, this.layersOf(collection))
    this.tools?.added(collection.id)
  }

  /** A collection that was hidden from the start is fetched when it is first shown. */
  private onLayerChanged(collection: CollectionConfig): void {
    if (collection.visible && !this.fragments.has(collection.id)) void this.retry(collection)
    else this.view.restyle(this.layersOf(collection))
    const address = new URL(location.href)
    address.searchParams.set('lop', formatLayers(this.collections))
    address.search = address.search.replaceAll('%2C', ',').replaceAll('%3A', ':')
    history.replaceState(history.state, '', address)
  }

  private onFailed(source: string | null, reason: string): void {
    const collection = this.collections.find((one) => one.id === source)
    if (collection) this.reportFailure(collection)
    else if (source?.startsWith('base')) this.controls.message('base', this.config.text.base_failed)
    else console.warn('map:', reason)
  }

  private reportFailure(collection: CollectionConfig): void {
    if (this.broken.has(collection.id)) return
    this.broken.add(collection.id)
    const words = fill(this.config.text.layer_failed, { layer: collection.title })
    this.controls.message(collection.id, words, { label: this.config.text.retry, run: () => void this.retry(collection) })
  }

  private async retry(collection: CollectionConfig): Promise<void> {
    this.broken.delete(collection.id)
    this.view.remove(collection.id)
    await this.fetchStyle(collection)
    this.addCollection(collection)
  }

  private onIdle(): void {
    if (!this.opened) return // the base map alone is not the map
    this.controls.setBusy(false)
    this.controls.setAttribution([this.config.basemap.attribution, ...this.view.attributions()])
    this.refreshScale()
    setPhase('idle')
    if (!this.marked) performance.mark('bt:map-idle')
    this.marked = true
    this.tellEmpty()
  }

  private tellEmpty(): void {
    if (this.embedded) return
    const zoom = this.view.view().zoom
    const drawable = this.collections.some((one) => one.visible && zoom >= this.view.minZoomOf(one.id))
    const empty = drawable && this.view.drawn().size === 0 && this.broken.size === 0
    if (!empty) return this.controls.clear('empty')
    const whole = () => this.view.fit(roomy(this.config.view.bounds), this.padding(), SELECT_ZOOM)
    this.controls.message('empty', this.config.text.empty_here, { label: this.config.text.whole, run: whole })
  }

  private refreshScale(): void {
    this.controls.setScale(this.view.metresPerPixel(), this.config.lang)
    this.layerList.setZoom(this.view.view().zoom, (id) => this.view.minZoomOf(id))
  }

  private onMoved(): void {
    this.refreshScale()
    clearTimeout(this.quiet)
    this.quiet = window.setTimeout(() => this.afterMove(), MOVE_QUIET_MS)
  }

  private afterMove(): void {
    this.writeHash()
    if (this.byKey || this.region.contains(document.activeElement)) say('bt:status', { text: this.describeView() })
  }

  private writeHash(): void {
    if (!this.embedded) history.replaceState(history.state, '', location.pathname + location.search + formatHash(this.view.view()))
  }

  private describeView(): string {
    const [west, south, east, north] = this.view.bounds()
    const middle = (south + north) / 2
    let n = 0
    for (const keys of this.view.drawn().values()) n += keys.size
    return fill(this.config.text.moved, {
      width: formatDistance(distanceM(west, middle, east, middle), this.config.lang),
      height: formatDistance(distanceM(west, south, west, north), this.config.lang),
      n,
    })
  }

  padding(): Padding {
    const { clientWidth, clientHeight } = this.region
    const side = Math.min(EDGE_PX, clientWidth / 8)
    const bottom = Math.min(this.cover, clientHeight * 0.7)
    return { top: Math.min(EDGE_PX, clientHeight / 8), right: side, bottom: bottom + Math.min(EDGE_PX, clientHeight / 12), left: side }
  }
}

/** A map within a text leaves the wheel and one finger to the page; so does the workbench where the page scrolls. */
function kindOf(region: HTMLElement): { embedded: boolean; cooperative: boolean } {
  const embedded = region.dataset.mapMode === 'embedded'
  const scrolls = region.dataset.mapMode === 'bench' && matchMedia('(max-width: 1023px)').matches
  return { embedded, cooperative: embedded || scrolls }
}

/** A point's box has no extent: about 3 km around it show where it lies. */
function roomy(box: Bounds): Bounds {
  const wide = box[2] - box[0] > 0.002 || box[3] - box[1] > 0.002
  const margin = wide ? 0 : box[0] === box[2] && box[1] === box[3] ? 0.014 : 0.0006
  return [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin]
}

/** What browser tests wait for; a map that failed stays failed. */
function setPhase(phase: 'loading' | 'idle'): void {
  const { dataset } = document.documentElement
  if (dataset.map !== 'failed') dataset.map = phase
}

/** Puts words where the map would be; the list takes its room. */
export function fail(region: HTMLElement, words: string): void {
  document.documentElement.dataset.map = 'failed'
  region.removeAttribute('aria-busy')
  const note = document.createElement('p')
  note.className = 'map__note'
  note.setAttribute('role', 'status')
  note.textContent = words
  region.replaceChildren(note)
}

declare global {
  interface Window {
    __bt?: { project(lngLat: [number, number]): { x: number; y: number }; rendered(point: [number, number]): { layer: string; key: string; picked: boolean }[] }
  }
}

/** Browser tests click features by coordinates and ask what is drawn; pixels are page pixels of the viewport. */
function exposeForTests(view: MapView): void {
  const offset = () => view.canvas().getBoundingClientRect()
  window.__bt = {
    project: (lngLat) => {
      const at = view.project(lngLat)
      return { x: at.x + offset().left, y: at.y + offset().top }
    },
    rendered: ([x, y]) => view.rendered([x - offset().left, y - offset().top]),
  }
}
