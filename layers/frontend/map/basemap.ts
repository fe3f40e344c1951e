import type { Basemap, MapConfig } from './config'
import type { Layer } from './compose'
import farLand from './far_land.json'

/** The lower part of a style: what lies under our own layers. */
export interface BaseStyle {
  sources: Record<string, Record<string, unknown>>
  layers: Layer[]
  sprite?: unknown
  glyphs?: string
}

const WATER = '#bfe3ec'
const LAND = '#f6f1e7'
const COAST = '#8fb9c4'

/**
 * Land polygons on water, with the coast as a line: needs no other host. The fine land of `landUrl` ends at the edge of
 * its window; far_land.json (Natural Earth 1:10m, public domain) goes on from there, 0.02 degrees over that edge so that
 * the straight line of the cut is not seen as a coast.
 */
export function plain(landUrl: string, seaName: string): BaseStyle {
  const sea = (lng: number, lat: number) => ({
    type: 'Feature', properties: { name: seaName }, geometry: { type: 'Point', coordinates: [lng, lat] },
  })
  return {
    sources: {
      'base-land': { type: 'geojson', data: landUrl, tolerance: 0.2, maxzoom: 14, attribution: 'GSHHG' },
      'base-far': { type: 'geojson', data: farLand, maxzoom: 10, attribution: 'Natural Earth' },
      'base-sea': { type: 'geojson', data: { type: 'FeatureCollection', features: [sea(108.7, 10.68)] } },
    },
    layers: [
      { id: 'base/water', type: 'background', paint: { 'background-color': WATER } },
      { id: 'base/far-coast', type: 'line', source: 'base-far', paint: { 'line-color': COAST, 'line-width': 0.8 } },
      {
        id: 'base/shallow', type: 'line', source: 'base-land', layout: { 'line-join': 'round' },
        paint: { 'line-color': '#d8eef3', 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 4, 10, 14, 14, 22], 'line-blur': ['interpolate', ['linear'], ['zoom'], 6, 3, 10, 9, 14, 14] },
      },
      { id: 'base/land', type: 'fill', source: 'base-land', paint: { 'fill-color': LAND } },
      { id: 'base/coast', type: 'line', source: 'base-land', paint: { 'line-color': COAST, 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.6, 14, 1.4] } },
      { id: 'base/far-land', type: 'fill', source: 'base-far', paint: { 'fill-color': LAND, 'fill-antialias': false } },
      {
        id: 'base/sea-name', type: 'symbol', source: 'base-sea', maxzoom: 12,
        layout: { 'text-field': ['get', 'name'], 'text-font': ['BT Regular'], 'text-size': ['interpolate', ['linear'], ['zoom'], 6, 13, 10, 20], 'text-letter-spacing': 0.18 },
        paint: { 'text-color': '#1d5c74', 'text-opacity': 0.8 },
      },
    ],
  }
}

export function raster(basemap: Basemap): BaseStyle {
  const tiles = [basemap.url ?? '']
  return {
    sources: { base: { type: 'raster', tiles, tileSize: 256, attribution: basemap.attribution ?? '' } },
    layers: [
      { id: 'base/water', type: 'background', paint: { 'background-color': WATER } },
      { id: 'base/raster', type: 'raster', source: 'base' },
    ],
  }
}

/** An archive of images is a raster layer; one of vector tiles is drawn by the names of the Protomaps schema. */
export function archive(basemap: Basemap, vector: boolean): BaseStyle {
  const url = `pmtiles://${basemap.url ?? ''}`
  if (!vector) {
    return {
      sources: { base: { type: 'raster', url, tileSize: 256, attribution: basemap.attribution ?? '' } },
      layers: [{ id: 'base/water', type: 'background', paint: { 'background-color': WATER } }, { id: 'base/raster', type: 'raster', source: 'base' }],
    }
  }
  const road = (id: string, kinds: string[], color: string, widths: number[]): Layer => ({
    id: `base/${id}`, type: 'line', source: 'base', 'source-layer': 'roads', filter: ['in', ['get', 'kind'], ['literal', kinds]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 7, widths[0], 18, widths[1]] },
  })
  const place: Layer = {
    id: 'base/places', type: 'symbol', source: 'base', 'source-layer': 'places',
    layout: { 'text-field': ['coalesce', ['get', 'name:vi'], ['get', 'name']], 'text-font': ['BT Regular'], 'text-size': 13 },
    paint: { 'text-color': '#10242b', 'text-halo-color': '#ffffff', 'text-halo-width': 1.6 },
  }
  return {
    sources: { base: { type: 'vector', url, attribution: basemap.attribution ?? '' } },
    layers: [
      { id: 'base/water', type: 'background', paint: { 'background-color': WATER } },
      { id: 'base/earth', type: 'fill', source: 'base', 'source-layer': 'earth', paint: { 'fill-color': LAND } },
      { id: 'base/landuse', type: 'fill', source: 'base', 'source-layer': 'landuse', filter: ['in', ['get', 'kind'], ['literal', ['forest', 'wood', 'park', 'nature_reserve']]], paint: { 'fill-color': '#d5e6c8' } },
      { id: 'base/sand', type: 'fill', source: 'base', 'source-layer': 'landuse', filter: ['in', ['get', 'kind'], ['literal', ['beach', 'sand']]], paint: { 'fill-color': '#ebd9ae' } },
      { id: 'base/inland-water', type: 'fill', source: 'base', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': WATER } },
      road('road-casing', ['highway', 'major_road'], '#c9b58f', [1.4, 26]),
      road('road-minor', ['minor_road', 'path'], '#ffffff', [0.2, 12]),
      road('road', ['highway', 'major_road'], '#ffffff', [0.8, 20]),
      place,
    ],
  }
}

/** A whole style document from elsewhere on this site; its relative addresses become absolute. */
export function foreign(document: BaseStyle, styleUrl: string): BaseStyle {
  const absolute = (address: string) => decodeURI(new URL(address, styleUrl).href)
  const style: BaseStyle = { sources: document.sources, layers: document.layers }
  if (typeof document.sprite === 'string') style.sprite = absolute(document.sprite)
  else if (document.sprite !== undefined) style.sprite = document.sprite
  if (document.glyphs !== undefined) style.glyphs = absolute(document.glyphs)
  return style
}

/** Fetches what the kind of base map needs. Throws when a style document or archive cannot be read. */
export async function baseStyle(config: MapConfig, isVector: (url: string) => Promise<boolean>): Promise<BaseStyle> {
  const { basemap } = config
  switch (basemap.kind) {
    case 'plain':
      return plain(config.land_url, config.text.sea_name)
    case 'raster':
      return raster(basemap)
    case 'pmtiles': {
      const url = new URL(basemap.url ?? '', document.baseURI).href
      return archive({ ...basemap, url }, await isVector(url))
    }
    case 'style': {
      const url = new URL(basemap.url ?? '', document.baseURI).href
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
      return foreign((await answer.json()) as BaseStyle, url)
    }
  }
}
