/**
 * Images that styles ask for by name, painted when first needed, sharp at any pixel ratio:
 *   disc/<glyph>/<rrggbb>   a white glyph on a disc of 28 px with a white rim
 *   hatch/<rrggbb>          diagonal lines, for fill-pattern
 *   dots/<rrggbb>           dots, for fill-pattern
 */
import glyphs from './glyphs.json'

export interface ImageName {
  kind: 'disc' | 'hatch' | 'dots'
  glyph: string
  color: string
}

const GLYPHS = glyphs as Record<string, { size: number; paths: string[] }>
const DISC = 32 // 28 px disc and its rim
const TILE = 12

/** Null when the name is not one of ours; an unknown glyph becomes a star rather than a hole in the map. */
export function parseImageName(name: string): ImageName | null {
  const disc = /^disc\/([\w-]+)\/#?([0-9a-f]{6})$/i.exec(name)
  if (disc?.[1] && disc[2]) return { kind: 'disc', glyph: disc[1] in GLYPHS ? disc[1] : 'star', color: `#${disc[2]}` }
  const tile = /^(hatch|dots)\/#?([0-9a-f]{6})$/i.exec(name)
  if (tile?.[1] && tile[2]) return { kind: tile[1] as 'hatch' | 'dots', glyph: '', color: `#${tile[2]}` }
  return null
}

export function glyph(name: string): { size: number; paths: string[] } {
  return GLYPHS[name] ?? (GLYPHS.star as { size: number; paths: string[] })
}

/** Pixels of the image at `ratio` device pixels per CSS pixel. */
export function paint(image: ImageName, ratio: number): ImageData {
  const size = Math.round((image.kind === 'disc' ? DISC : TILE) * ratio)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new Error('no 2d canvas')
  pen.scale(size / (image.kind === 'disc' ? DISC : TILE), size / (image.kind === 'disc' ? DISC : TILE))
  if (image.kind === 'disc') paintDisc(pen, image)
  else if (image.kind === 'hatch') paintHatch(pen, image.color)
  else paintDots(pen, image.color)
  return pen.getImageData(0, 0, size, size)
}

function paintDisc(pen: CanvasRenderingContext2D, image: ImageName): void {
  const middle = DISC / 2
  pen.beginPath()
  pen.arc(middle, middle, 15.5, 0, 7)
  pen.fillStyle = 'rgb(16 36 43 / .28)'
  pen.fill()
  pen.beginPath()
  pen.arc(middle, middle, 14.6, 0, 7)
  pen.fillStyle = '#fff'
  pen.fill()
  pen.beginPath()
  pen.arc(middle, middle, 13, 0, 7)
  pen.fillStyle = image.color
  pen.fill()
  const { size, paths } = glyph(image.glyph)
  const scale = 16 / size
  pen.translate(middle - 8, middle - 8)
  pen.scale(scale, scale)
  pen.fillStyle = '#fff'
  for (const path of paths) pen.fill(new Path2D(path))
}

function paintHatch(pen: CanvasRenderingContext2D, color: string): void {
  pen.strokeStyle = color
  pen.lineWidth = 1.6
  for (const shift of [-TILE, 0, TILE]) {
    pen.beginPath()
    pen.moveTo(shift - 2, TILE + 2)
    pen.lineTo(shift + TILE + 2, -2)
    pen.stroke()
  }
}

function paintDots(pen: CanvasRenderingContext2D, color: string): void {
  pen.fillStyle = color
  for (const [x, y] of [[3, 3], [9, 9]] as const) {
    pen.beginPath()
    pen.arc(x, y, 1.3, 0, 7)
    pen.fill()
  }
}
