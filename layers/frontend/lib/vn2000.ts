/**
 * WGS 84 degrees → VN-2000 / TM-3 108°30′ (EPSG:9218), for reading on the map: the inverse of EPSG:6960 (seven
 * parameters), then the Krüger series of transverse Mercator. Measured against PROJ: millimetres. What is stored, printed
 * or exported is computed by the server.
 */

const A = 6_378_137 // both systems use the WGS 84 ellipsoid
const F = 1 / 298.257223563
const E2 = F * (2 - F)
const SECOND = Math.PI / 648_000
/** VN-2000 → WGS 84, position vector: metres, seconds, parts per million. */
const MOVE = [-191.90441429, -39.30318279, -111.45032835] as const
const TURN = [0.00928836 * SECOND, -0.01975479 * SECOND, 0.00427372 * SECOND] as const
const SCALE = 1 + 0.252906278e-6

const MERIDIAN = (108.5 * Math.PI) / 180
const K0 = 0.9999
const EAST_0 = 500_000

const N = F / (2 - F)
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64)
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
] as const

/** [E, N] in metres of a place in WGS 84 degrees. */
export function toGround(lng: number, lat: number): [number, number] {
  const [phi, lambda] = toVn2000((lng * Math.PI) / 180, (lat * Math.PI) / 180)
  const e = Math.sqrt(E2)
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - e * Math.atanh(e * Math.sin(phi)))
  const xi = Math.atan2(t, Math.cos(lambda - MERIDIAN))
  const eta = Math.atanh(Math.sin(lambda - MERIDIAN) / Math.sqrt(1 + t * t))
  const east = ALPHA.reduce((sum, a, i) => sum + a * Math.cos(2 * (i + 1) * xi) * Math.sinh(2 * (i + 1) * eta), eta)
  const north = ALPHA.reduce((sum, a, i) => sum + a * Math.sin(2 * (i + 1) * xi) * Math.cosh(2 * (i + 1) * eta), xi)
  return [EAST_0 + K0 * RADIUS * east, K0 * RADIUS * north]
}

/** As surveyors write: X is north, Y is east. */
export function groundLabel(lng: number, lat: number, lang: string): string {
  const [east, north] = toGround(lng, lat)
  const written = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false })
  return `VN-2000  X ${written.format(north)}  Y ${written.format(east)}`
}

/** Latitude and longitude in radians on VN-2000, at height 0. */
function toVn2000(lambda: number, phi: number): [number, number] {
  const nu = A / Math.sqrt(1 - E2 * Math.sin(phi) ** 2)
  const wgs = [nu * Math.cos(phi) * Math.cos(lambda), nu * Math.cos(phi) * Math.sin(lambda), nu * (1 - E2) * Math.sin(phi)] as const
  const [x, y, z] = wgs.map((value, i) => (value - (MOVE[i] as number)) / SCALE) as [number, number, number]
  const [rx, ry, rz] = TURN
  // the transposed rotation of a position vector turns back
  const [px, py, pz] = [x + rz * y - ry * z, -rz * x + y + rx * z, ry * x - rx * y + z]
  const flat = Math.hypot(px, py)
  let at = Math.atan2(pz, flat * (1 - E2))
  for (let i = 0; i < 6; i++) at = Math.atan2(pz + E2 * (A / Math.sqrt(1 - E2 * Math.sin(at) ** 2)) * Math.sin(at), flat)
  return [at, Math.atan2(py, px)]
}
