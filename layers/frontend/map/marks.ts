/** What the map draws above every collection: the chosen feature, the one under the pointer, the reader's position. */
import type { Layer } from './compose'

export const MARK_SOURCES = { selected: 'bt-selected', highlight: 'bt-highlight', position: 'bt-position' } as const

/**
 * Empty layers that hold the places of the others: fills go before `lines`, lines before `selection`, points and words
 * between `points` and `marks`.
 */
export const ANCHORS = { lines: 'bt/lines-begin', selection: 'bt/selection-begin', points: 'bt/points-begin', marks: 'bt/marks-begin' } as const

const DRAGON = '#c2185b'

export function markLayers(): Layer[] {
  const anchor = (id: string): Layer => ({ id, type: 'background', layout: { visibility: 'none' } })
  return [
    anchor(ANCHORS.lines), anchor(ANCHORS.selection), ...outline(), anchor(ANCHORS.points), anchor(ANCHORS.marks), ...position(), ...rings(),
  ]
}

function position(): Layer[] {
  const source = MARK_SOURCES.position
  return [
    { id: 'bt/position-area', type: 'fill', source, paint: { 'fill-color': '#0e86a3', 'fill-opacity': 0.15 }, filter: ['==', ['geometry-type'], 'Polygon'] },
    { id: 'bt/position-dot', type: 'circle', source, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 8, 'circle-color': '#07617a', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 3 } },
  ]
}

/** 3 px dragon-fruit on a white halo: never by colour alone. */
function outline(): Layer[] {
  const source = MARK_SOURCES.selected
  const filter = ['!=', ['geometry-type'], 'Point']
  const layout = { 'line-join': 'round', 'line-cap': 'round' }
  return [
    { id: 'bt/selected-halo', type: 'line', source, filter, layout, paint: { 'line-color': '#ffffff', 'line-width': 7 } },
    { id: 'bt/selected-line', type: 'line', source, filter, layout, paint: { 'line-color': DRAGON, 'line-width': 3 } },
  ]
}

function rings(): Layer[] {
  const ring = (id: string, source: string, radius: number, width: number): Layer[] => {
    const filter = ['==', ['geometry-type'], 'Point']
    const paint = { 'circle-radius': radius, 'circle-color': 'rgba(0,0,0,0)' }
    return [
      { id: `${id}-halo`, type: 'circle', source, filter, paint: { ...paint, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': width + 4, 'circle-radius': radius - 2 } },
      { id, type: 'circle', source, filter, paint: { ...paint, 'circle-stroke-color': DRAGON, 'circle-stroke-width': width } },
    ]
  }
  return [...ring('bt/highlight-ring', MARK_SOURCES.highlight, 17, 3), ...ring('bt/selected-ring', MARK_SOURCES.selected, 18, 4)]
}

/** A circle of `radiusM` metres around a point, as a polygon of 64 corners; WGS 84 degrees. */
export function circle(lng: number, lat: number, radiusM: number): GeoJSON.Feature {
  const dLat = radiusM / 111_320
  const dLng = dLat / Math.cos((lat * Math.PI) / 180)
  const ring = Array.from({ length: 65 }, (_, i) => {
    const angle = (i / 64) * 2 * Math.PI
    return [lng + dLng * Math.cos(angle), lat + dLat * Math.sin(angle)]
  })
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}

export function point(lng: number, lat: number): GeoJSON.Feature {
  return { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lng, lat] } }
}
