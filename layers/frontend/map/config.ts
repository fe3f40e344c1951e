import type { Bounds, SelectedFeature } from '../lib/events'
import { TEXT, type Texts } from './text'

/** What the server says of the map, in `<script type="application/json" id="map-config">`. */
export interface MapConfig {
  lang: string
  view: { bounds: Bounds }
  basemap: Basemap
  land_url: string
  collections: CollectionConfig[]
  selected: SelectedFeature | null
  /** address of a feature with `{collection}` and `{key}` places */
  feature_url: string
  filter: Record<string, string[]> | null
  text: Texts
}

export interface Basemap {
  kind: 'plain' | 'raster' | 'style' | 'pmtiles'
  url?: string
  attribution?: string
}

export interface CollectionConfig {
  id: string
  title: string
  style_url: string
  tilejson_url: string
  visible: boolean
  opacity: number
  synthetic?: boolean
  approximate?: boolean
  legend: LegendItem[]
}

export interface LegendItem {
  label: string
  color: string
  /** a filled icon of icons/icons.json, drawn white on a disc of the colour */
  icon?: string
  /** how an area without icon is drawn; `fill` when absent */
  pattern?: 'fill' | 'hatch' | 'outline' | 'dashed'
}

/** Throws when a part without which no map can be drawn is missing, and names it. */
export function readConfig(json: string): MapConfig {
  const raw = JSON.parse(json) as Partial<MapConfig>
  for (const part of ['view', 'basemap', 'collections', 'feature_url'] as const) {
    if (raw[part] === undefined) throw new Error(`map-config: "${part}" is missing`)
  }
  const base = { lang: 'vi', land_url: '', selected: null, filter: null }
  return { ...base, ...raw, text: { ...TEXT, ...raw.text } } as MapConfig
}

/** `/doi-tuong/{collection}/{key}/` with both places filled; keys may hold slashes and Vietnamese letters. */
export function featureUrl(template: string, collection: string, key: string): string {
  return template.replace('{collection}', encodeURIComponent(collection)).replace('{key}', encodeURIComponent(key))
}
