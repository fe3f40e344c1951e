/** How picked parcels and drawn shapes look: dots from afar, outline and light fill where the tiles have the parcels. */
import type { Layer } from './compose'

export const PARCELS = 'parcels'
export const NEAR_ZOOM = 14 // from here tiles hold parcels
export const DOTS = 'bt-picked'
export const SKETCH = 'bt-sketch'

const DRAGON = '#c2185b'
const PICKED = ['boolean', ['feature-state', 'picked'], false]
const whenPicked = (value: number) => ['case', PICKED, value, 0]
const ROUND = { 'line-join': 'round', 'line-cap': 'round' }

/** `near`: the map has no tiles of parcels, so the dots stay. */
export function dotLayers(near: boolean): Layer[] {
  const radius = ['interpolate', ['linear'], ['zoom'], 8, 2, 12, 3, 14, 4.5]
  const paint = { 'circle-radius': radius, 'circle-color': DRAGON, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0, 14, 1.2] }
  return [{ id: 'bt/picked-dots', type: 'circle', source: DOTS, paint, ...(near ? {} : { maxzoom: NEAR_ZOOM }) }]
}

/** 3 px on a white halo and a light fill: never by colour alone. */
export function parcelLayers(): Layer[] {
  const from = { source: PARCELS, 'source-layer': PARCELS, minzoom: NEAR_ZOOM, metadata: { 'bt:inert': true } }
  const width = (px: number) => ['interpolate', ['linear'], ['zoom'], 14, px / 2.5, 16, px]
  return [
    { id: 'bt/picked-fill', type: 'fill', ...from, paint: { 'fill-color': DRAGON, 'fill-opacity': whenPicked(0.16) } },
    { id: 'bt/picked-halo', type: 'line', ...from, layout: ROUND, paint: { 'line-color': '#ffffff', 'line-width': width(7), 'line-opacity': whenPicked(1) } },
    { id: 'bt/picked-line', type: 'line', ...from, layout: ROUND, paint: { 'line-color': DRAGON, 'line-width': width(3), 'line-opacity': whenPicked(1) } },
  ]
}

/** The shape being drawn, and the one that stands in the form: dashed, so that it is no parcel. */
export function sketchLayers(): Layer[] {
  const source = SKETCH
  const lines = ['!=', ['geometry-type'], 'Point']
  return [
    { id: 'bt/sketch-fill', type: 'fill', source, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': '#07617a', 'fill-opacity': 0.08 } },
    { id: 'bt/sketch-halo', type: 'line', source, filter: lines, paint: { 'line-color': '#ffffff', 'line-width': 5 } },
    { id: 'bt/sketch-line', type: 'line', source, filter: lines, paint: { 'line-color': '#07617a', 'line-width': 2.5, 'line-dasharray': [3, 2] } },
    { id: 'bt/sketch-corners', type: 'circle', source, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': '#ffffff', 'circle-stroke-color': '#07617a', 'circle-stroke-width': 2.5 } },
  ]
}

export type Place = [key: string, lng: number, lat: number]

export function dotFeatures(places: Place[]): GeoJSON.Feature[] {
  return places.map(([, lng, lat]) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lng, lat] } }))
}
