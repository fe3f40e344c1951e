/** Metres along the great circle between two WGS 84 points, on a sphere of 6,371,008.8 m. */
export function distanceM(lng1: number, lat1: number, lng2: number, lat2: number): number {
  const rad = Math.PI / 180
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lng2 - lng1) * rad) / 2) ** 2
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(a))
}

export function formatDistance(metres: number, lang: string): string {
  if (metres < 950) return `${Math.max(10, Math.round(metres / 10) * 10)} m`
  const km = metres / 1000
  return `${new Intl.NumberFormat(lang, { maximumFractionDigits: km < 20 ? 1 : 0 }).format(km)} km`
}
