/** What passes between the map's view and those who use it. No library's types. */
import type { Bounds, FeatureRef } from '../lib/events'
import type { View } from '../lib/hash'
import type { BaseStyle } from './basemap'

export interface Hit extends FeatureRef {
  name: string
  nameEn: string
  lng: number
  lat: number
}

export interface ViewOptions {
  base: BaseStyle
  start: View | Bounds
  padding: Padding
  cooperative: boolean
  reduceMotion: boolean
  /** names of strings the library itself shows */
  locale: Record<string, string>
}

export interface Padding {
  top: number
  right: number
  bottom: number
  left: number
}

export interface Signals {
  idle(): void
  moving(): void
  moved(): void
  /** what failed: a source id, or null when no source is to blame */
  failed(source: string | null, reason: string): void
  hover(hit: Hit | null, x: number, y: number): void
  click(hit: Hit | null, at: Tap): void
  lost(): void
}

/** Where a pointer is: on the ground, and in pixels of the canvas. */
export interface Tap {
  lng: number
  lat: number
  x: number
  y: number
  shift: boolean
}

/** Takes the pointer while a shape is drawn. A drag moves the map where `drag` is absent. */
export interface Gestures {
  tap(at: Tap): void
  double(at: Tap): void
  move(at: Tap): void
  drag?: (from: Tap, to: Tap, done: boolean) => void
}
