/** The view of the map in the address: `#map=zoom/lat/lng`, as openstreetmap.org writes it. WGS 84 degrees. */

export interface View {
  zoom: number
  lat: number
  lng: number
}

export function parseHash(hash: string): View | null {
  const value = new URLSearchParams(hash.replace(/^#/, '')).get('map')
  if (!value) return null
  const parts = value.split('/')
  if (parts.length < 3 || parts.slice(0, 3).some((part) => part.trim() === '')) return null
  const [zoom, lat, lng] = parts.slice(0, 3).map(Number) as [number, number, number]
  const sound = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85.06 && Math.abs(lng) <= 180 // false for NaN
  return sound ? { zoom, lat, lng } : null
}

/** Digits after the point follow the zoom, so that the address is as short as it is exact. */
export function formatHash(view: View): string {
  const digits = Math.max(0, Math.ceil((view.zoom * Math.LN2 + Math.log(512 / 360 / 0.5)) / Math.LN10))
  const zoom = Math.round(view.zoom * 100) / 100
  return `#map=${zoom}/${view.lat.toFixed(digits)}/${view.lng.toFixed(digits)}`
}
