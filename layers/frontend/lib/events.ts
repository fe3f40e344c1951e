/** The words between page and map. Neither calls the other: both speak and listen on `document`. */

export interface FeatureRef {
  collection: string
  key: string
}

/** What the page shows now; the map follows. `bounds` is [west, south, east, north] in WGS 84 degrees. */
export interface MapState {
  filter: Record<string, string[]> | null
  selected: SelectedFeature | null
  bounds?: Bounds
}

export type Bounds = [number, number, number, number]

export interface SelectedFeature extends FeatureRef {
  geometry_url?: string
  bbox?: Bounds | null
}

/** How an answer changes what is picked: instead of it, added, taken away, only what is in both. */
export type Mode = 'new' | 'add' | 'remove' | 'keep'

/** What a gesture on the map asks. `near`: parcels within so many metres of it; null: those it meets. */
export interface MapQuestion {
  mode: Mode
  near: number | null
  point?: { lng: number; lat: number }
  shape?: GeoJSON.Polygon
  feature?: FeatureRef
}

export interface Events {
  /** page → map: the panel changed */
  'bt:state': MapState
  /** page → map: a list item is under the pointer or has the focus; null when none */
  'bt:highlight': (FeatureRef & { lng: number; lat: number }) | null
  /** page → map: this many CSS pixels at the bottom of the map are covered by the sheet */
  'bt:cover': { bottom: number }
  /** page → map: bring this into sight without changing the zoom */
  'bt:look': { lng: number; lat: number }
  /** page → map: other parcels are picked; `url` tells where they lie, `box` is to be shown */
  'bt:picked': { url: string; box: Bounds | null }
  /** page → map: the question could not be asked; empty when the last one could */
  'bt:fault': { text: string }
  /** page → map: the shape that stands in the form */
  'bt:shape': { shape: GeoJSON.Polygon | null }
  /** page ↔ map: the distance asked for, as it stands in the form and beside the tools */
  'bt:near': { metres: string; by: 'page' | 'map' }
  /** map → page: the map is there and must be told what is picked */
  'bt:ready': null
  /** map → page: a tool of the map was used */
  'bt:ask': MapQuestion
  /** map → page: a parcel was pointed at to see it, not to pick it */
  'bt:found': { key: string; name: string }
  /** map → page: the reader chose a feature; `byKey` when without a pointer */
  'bt:select': FeatureRef & { url: string; byKey: boolean }
  /** map → page: a feature is under the pointer; null when none */
  'bt:hover': FeatureRef | null
  /** map → page: words for the status line */
  'bt:status': { text: string }
  /** map → page: the reader's own position, after they asked for it; WGS 84 degrees */
  'bt:located': { lng: number; lat: number }
}

export function say<K extends keyof Events>(name: K, detail: Events[K]): void {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

export function hear<K extends keyof Events>(name: K, act: (detail: Events[K]) => void): void {
  document.addEventListener(name, (event) => act((event as CustomEvent<Events[K]>).detail))
}
