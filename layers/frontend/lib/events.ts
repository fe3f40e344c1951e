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

export interface Events {
  /** page → map: the panel changed */
  'bt:state': MapState
  /** page → map: a list item is under the pointer or has the focus; null when none */
  'bt:highlight': (FeatureRef & { lng: number; lat: number }) | null
  /** page → map: this many CSS pixels at the bottom of the map are covered by the sheet */
  'bt:cover': { bottom: number }
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
