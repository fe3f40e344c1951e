import { describe, expect, it } from 'vitest'
import { nextRow } from '../lib/bench_table'
import { formFields, keptAddress, pointQuestion, polygonOf, readMetres, readShape } from '../lib/question'
import { groundLabel, toGround } from '../lib/vn2000'
import { dotLayers, parcelLayers } from '../map/picked'
import { Sketch, type Corner } from '../map/sketch'

const SQUARE: Corner[] = [[108, 10], [109, 10], [109, 11], [108, 11]]

describe('a gesture as a question', () => {
  it('asks for the parcel at a point, or for those near it', () => {
    const place = { type: 'Point', coordinates: [108.12345679, 10.9] }
    expect(pointQuestion(108.123456789, 10.9, null)).toEqual({ op: 's_intersects', args: [{ property: 'geometry' }, place] })
    expect(pointQuestion(108.123456789, 10.9, 0)).toEqual({ op: 's_dwithin', args: [{ property: 'geometry' }, place, 0] })
  })
  it('puts a shape, a feature and a distance into the fields of the form', () => {
    const shape = polygonOf(SQUARE)
    expect(formFields({ shape, near: null }, 'vi')).toEqual({ place: 'shape', shape: JSON.stringify(shape) })
    expect(formFields({ feature: { collection: 'areas', key: '22915-2015' }, near: 12.5 }, 'vi')).toEqual({
      place: 'feature', layer: 'areas', name: '22915-2015', relation: 'near', metres: '12,5',
    })
    expect(formFields({ shape, near: 12.5 }, 'en').metres).toBe('12.5')
  })
  it('reads the shape back, and nothing out of what is none', () => {
    const text = formFields({ shape: polygonOf(SQUARE), near: null }, 'vi').shape ?? ''
    expect(readShape(text)).toEqual(polygonOf(SQUARE))
    for (const none of ['', '1208630 456325', '{', '{}', '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon","coordinates":[[[1,2]]]}', '{"type":"Polygon","coordinates":[[["a"],["b"],["c"],["a"]]]}']) {
      expect(readShape(none), none).toBeNull()
    }
  })
  it('reads metres as either language writes them', () => {
    expect([readMetres('50'), readMetres(' 12,5 '), readMetres('12.5'), readMetres('0')]).toEqual([50, 12.5, 12.5, 0])
    expect(['', '  ', 'x', '-1', '5001'].map(readMetres)).toEqual([null, null, null, null, null])
  })
  it('keeps layers and view in the address', () => {
    const now = { search: '?0-uses=ODT&lop=parcels,areas:0.4', hash: '#map=15/10.9/108.1' }
    expect(keptAddress('/x/', 'xep=area', now)).toBe('/x/?xep=area&lop=parcels,areas:0.4#map=15/10.9/108.1')
    expect(keptAddress('/x/', '', { search: '', hash: '' })).toBe('/x/')
  })
})

describe('a drawing', () => {
  it('is a box after its second corner, whichever two they are', () => {
    const sketch = new Sketch('box')
    expect(sketch.add([109, 11])).toBe(false)
    expect(sketch.shape()).toBeNull()
    expect(sketch.add([108, 10])).toBe(true)
    const ring = sketch.shape()?.coordinates[0] ?? []
    expect(ring).toHaveLength(5)
    expect(new Set(ring.map(String))).toEqual(new Set(SQUARE.map(String)))
  })
  it('is a polygon from its third corner, and can be taken back', () => {
    const sketch = new Sketch('polygon')
    for (const corner of SQUARE) sketch.add(corner)
    expect(sketch.shape()?.coordinates[0]).toEqual([...SQUARE, SQUARE[0]])
    sketch.back()
    sketch.back()
    expect([sketch.size, sketch.enough, sketch.shape()]).toEqual([2, false, null])
    sketch.back()
    sketch.back()
    sketch.back()
    expect([sketch.size, sketch.features()]).toEqual([0, []])
  })
  it('shows where the next corner would be, which is none yet', () => {
    const sketch = new Sketch('polygon')
    sketch.add([108, 10])
    sketch.aim([109, 10])
    expect(sketch.features().map((one) => one.geometry.type)).toEqual(['LineString', 'Point'])
    sketch.add([109, 10])
    sketch.aim([109, 11])
    expect(sketch.features().map((one) => one.geometry.type)).toEqual(['Polygon', 'Point', 'Point'])
    expect(sketch.shape()).toBeNull()
  })
})

describe('the ground', () => {
  // control values of EPSG:6960, computed with PROJ
  const CONTROL = [
    [500000, 1200000, 10.85119596, 108.50178078], [456000, 1208000, 10.92326435, 108.09924030],
    [478000, 1209000, 10.93250307, 108.30050344], [420000, 1180000, 10.66951688, 107.77051398],
    [548000, 1164000, 10.52539704, 108.94034016],
  ] as const
  it.each(CONTROL)('is at E %d, N %d to a centimetre', (east, north, lat, lng) => {
    const [e, n] = toGround(lng, lat)
    expect(Math.hypot(e - east, n - north)).toBeLessThan(0.01)
  })
  it('is written north first, with the comma of the language', () => {
    expect(groundLabel(108.1021, 10.9289, 'vi')).toBe('VN-2000  X 1208622,9  Y 456313,4')
    expect(groundLabel(108.1021, 10.9289, 'en')).toBe('VN-2000  X 1208622.9  Y 456313.4')
  })
})

describe('rows and layers', () => {
  it('goes to the first row, then on, and stays at the ends', () => {
    expect([nextRow(-1, 1, 3), nextRow(0, 1, 3), nextRow(2, 1, 3), nextRow(0, -1, 3)]).toEqual([0, 1, 2, 0])
  })
  it('has dots where tiles have no parcels, and outlines where they have', () => {
    expect(dotLayers(false)[0]?.maxzoom).toBe(parcelLayers()[0]?.minzoom)
    expect(dotLayers(true)[0]?.maxzoom).toBeUndefined()
    expect(parcelLayers().every((layer) => layer.metadata?.['bt:inert'] === true)).toBe(true)
  })
})
