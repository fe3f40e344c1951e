/** Pure composition of MapLibre style parts: nothing here touches a map, a page or the network. */
import type { CollectionConfig } from './config'

/** A style layer as far as we look into it; the rest passes through untouched. */
export interface Layer {
  id: string
  type: string
  source?: string
  'source-layer'?: string
  minzoom?: number
  maxzoom?: number
  filter?: unknown
  layout?: Record<string, unknown>
  paint?: Record<string, unknown>
  metadata?: Record<string, unknown>
}

export type Filter = Record<string, string[]> | null

const OPACITIES: Record<string, string[]> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['icon-opacity', 'text-opacity'],
  raster: ['raster-opacity'],
  'fill-extrusion': ['fill-extrusion-opacity'],
}

/** Layers of one collection, ready for the map: own ids, source, language, visibility, opacity and filter. */
export function collectionLayers(fragment: Layer[], collection: CollectionConfig, filter: Filter, lang: string): Layer[] {
  return fragment.map((layer) => {
    const composed: Layer = {
      ...localised(layer, lang),
      id: layerId(collection.id, layer.id),
      source: collection.id,
      'source-layer': layer['source-layer'] ?? collection.id,
      paint: faded(layer, collection.opacity),
    }
    composed.layout = { ...composed.layout, visibility: collection.visible ? 'visible' : 'none' }
    const rule = filtered(layer.filter, filter)
    if (rule !== undefined) composed.filter = rule
    return composed
  })
}

export function layerId(collection: string, layer: string): string {
  return `${collection}/${layer}`
}

/**
 * Of `{category: ["beach"]}` a MapLibre filter: features that have no such attribute stay, so that one filter of the
 * page serves every layer. With the layer's own filter both must hold.
 */
export function filtered(own: unknown, filter: Filter): unknown {
  const rules: unknown[] = own === undefined ? [] : [own]
  for (const [name, values] of Object.entries(filter ?? {})) {
    if (values.length > 0) rules.push(['any', ['!', ['has', name]], ['in', ['get', name], ['literal', values]]])
  }
  return rules.length > 1 ? ['all', ...rules] : rules[0]
}

/** Paint with every opacity of the layer's type multiplied by `factor` (0 to 1). */
export function faded(layer: Layer, factor: number): Record<string, unknown> {
  const paint = { ...layer.paint }
  if (factor === 1) return paint
  for (const name of OPACITIES[layer.type] ?? []) paint[name] = scaled(paint[name], factor)
  return paint
}

/** A zoom curve must stay outermost in MapLibre, so its outputs are multiplied one by one. */
export function scaled(value: unknown, factor: number): unknown {
  if (value === undefined) return factor
  if (typeof value === 'number') return round(value * factor)
  if (!Array.isArray(value)) return value
  const first = value[0] === 'interpolate' ? 4 : value[0] === 'step' ? 2 : -1
  if (first === -1) return ['*', factor, value]
  return value.map((part: unknown, i) => (i >= first && (i - first) % 2 === 0 ? scaled(part, factor) : part))
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Other languages than Vietnamese label with `name_en` where a feature has one. */
export function localised(layer: Layer, lang: string): Layer {
  const field = layer.layout?.['text-field']
  if (lang === 'vi' || field === undefined) return layer
  return { ...layer, layout: { ...layer.layout, 'text-field': otherName(field) } }
}

function otherName(expression: unknown): unknown {
  if (!Array.isArray(expression)) return expression
  if (expression[0] === 'get' && expression[1] === 'name_vi') {
    return ['case', ['to-boolean', ['get', 'name_en']], ['get', 'name_en'], ['get', 'name_vi']]
  }
  return expression.map(otherName)
}

/** Attributions as text and https links only; anything else of their markup is dropped. */
export function uniqueTexts(texts: (string | undefined)[]): string[] {
  return [...new Set(texts.map((text) => text?.trim() ?? '').filter(Boolean))]
}

/** A round length that fits into `maxPx`: 1, 2, 3 or 5 times a power of ten metres, and its width in pixels. */
export function scaleBar(metresPerPixel: number, maxPx: number): { metres: number; px: number } {
  const most = metresPerPixel * maxPx
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = power * ([5, 3, 2].find((step) => step * power <= most) ?? 1)
  return { metres, px: Math.round(metres / metresPerPixel) }
}
