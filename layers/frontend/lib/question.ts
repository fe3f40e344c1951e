/** A gesture on the map as a question: CQL2 for a point, fields of the form for what the form can hold. Pure. */
import type { MapQuestion } from './events'

const METRES_MOST = 5000 // the server refuses more, in words

/** The parcel at a point, or those within `near` metres of it. */
export function pointQuestion(lng: number, lat: number, near: number | null): object {
  const place = { type: 'Point', coordinates: [degrees(lng), degrees(lat)] }
  const target = { property: 'geometry' }
  return near === null ? { op: 's_intersects', args: [target, place] } : { op: 's_dwithin', args: [target, place, near] }
}

/** Names and values of the form that a shape, a feature or a distance sets; the others stay as they are. */
export function formFields({ shape, feature, near }: Pick<MapQuestion, 'shape' | 'feature' | 'near'>, lang: string): Record<string, string> {
  const fields: Record<string, string> = {}
  if (shape) Object.assign(fields, { place: 'shape', shape: JSON.stringify(rounded(shape)) })
  if (feature) Object.assign(fields, { place: 'feature', layer: feature.collection, name: feature.key })
  if (near !== null) Object.assign(fields, { relation: 'near', metres: written(near, lang) })
  return fields
}

/** The ring of a box between two corners. */
export function boxOf([west, south]: [number, number], [east, north]: [number, number]): [number, number][] {
  return [[west, south], [east, south], [east, north], [west, north]]
}

/** A ring closed as GeoJSON wants it. */
export function polygonOf(corners: [number, number][]): GeoJSON.Polygon {
  return { type: 'Polygon', coordinates: [[...corners, ...corners.slice(0, 1)]] }
}

/** A polygon out of the form's field; null for typed coordinates and for what is none. */
export function readShape(text: string): GeoJSON.Polygon | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    const { type, coordinates } = JSON.parse(text) as GeoJSON.Polygon
    const ring = type === 'Polygon' && Array.isArray(coordinates) ? coordinates[0] : undefined
    const sound = Array.isArray(ring) && ring.length > 3 && ring.every((corner) => corner.length > 1 && corner.every(Number.isFinite))
    return sound ? { type, coordinates } : null
  } catch {
    return null
  }
}

/** Metres as typed; null when nothing, no number or too far stands there. */
export function readMetres(text: string): number | null {
  const metres = Number(text.trim().replace(',', '.'))
  return text.trim() !== '' && metres >= 0 && metres <= METRES_MOST ? metres : null
}

function written(metres: number, lang: string): string {
  return lang === 'vi' ? String(metres).replace('.', ',') : String(metres)
}

function rounded(shape: GeoJSON.Polygon): GeoJSON.Polygon {
  return { type: 'Polygon', coordinates: shape.coordinates.map((ring) => ring.map((corner) => corner.map(degrees))) }
}

/** Eight decimals are a millimetre. */
function degrees(value: number): number {
  return Math.round(value * 1e8) / 1e8
}

/** The sentence in a refused answer, and the name of the field it is about; both empty when a server says nothing. */
export function faultOf(html: string): { text: string; field: string } {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const root = page.querySelector<HTMLElement>('[data-fault]')
  if (root) return { text: root.dataset.fault ?? '', field: root.dataset.field ?? '' }
  return { text: (page.querySelector('.lead') ?? page.querySelector('h1'))?.textContent?.trim() ?? '', field: '' }
}

/** The page's address with another question; layers (`lop`) and view of the map stay as they are. */
export function keptAddress(home: string, search: string, now: { search: string; hash: string }): string {
  const layers = new URLSearchParams(now.search).get('lop')
  const parts = [new URLSearchParams(search).toString(), layers === null ? '' : `lop=${layers}`].filter(Boolean)
  return home + (parts.length ? `?${parts.join('&')}` : '') + now.hash
}
