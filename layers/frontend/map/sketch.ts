/** A box or a polygon while it is drawn, corner by corner, by pointer, finger or keys alike. Pure. */
import { boxOf, polygonOf } from '../lib/question'

export type Corner = [number, number]
export type SketchKind = 'box' | 'polygon'

export class Sketch {
  private readonly corners: Corner[] = []
  private next: Corner | null = null

  constructor(readonly kind: SketchKind) {}

  get size(): number {
    return this.corners.length
  }

  /** The last corner set; the first is where a polygon may be closed. */
  get last(): Corner | undefined {
    return this.corners.at(-1)
  }

  get first(): Corner | undefined {
    return this.corners[0]
  }

  /** True when the shape needs no more: a box with its second corner. */
  add(corner: Corner): boolean {
    this.corners.push(corner)
    this.next = null
    return this.kind === 'box' && this.corners.length === 2
  }

  back(): void {
    this.corners.pop()
    this.next = null
  }

  /** Where the next corner would be. */
  aim(corner: Corner): void {
    this.next = corner
  }

  get enough(): boolean {
    return this.corners.length >= (this.kind === 'box' ? 2 : 3)
  }

  /** What was drawn; null when there are not corners enough. */
  shape(): GeoJSON.Polygon | null {
    return this.enough ? polygonOf(this.ring(this.corners)) : null
  }

  /** As it looks now, the next corner included. */
  features(): GeoJSON.Feature[] {
    const seen = this.next ? [...this.corners, this.next] : this.corners
    const ring = this.ring(seen)
    const outline = ring.length > 2 ? [feature(polygonOf(ring))] : ring.length === 2 ? [feature({ type: 'LineString', coordinates: ring })] : []
    return [...outline, ...this.corners.map((corner) => feature({ type: 'Point', coordinates: corner }))]
  }

  private ring(corners: Corner[]): Corner[] {
    const [one, two] = corners
    return this.kind === 'box' && one && two ? boxOf(one, two) : corners
  }
}

export function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: 'Feature', properties: {}, geometry }
}
