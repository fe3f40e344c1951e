import { describe, expect, it } from 'vitest'
import { distanceM, formatDistance } from '../lib/distance'
import { applyLayers, formatLayers, parseLayers } from '../lib/layer_query'
import { nearestStop, nextStop } from '../lib/sheet'
import { featureUrl, readConfig } from '../map/config'
import { mapKey } from '../map/keys'
import { circle } from '../map/marks'
import { fill, TEXT } from '../map/text'

describe('layers in the address', () => {
  const layers = [{ id: 'areas', visible: true, opacity: 1 }, { id: 'parcels', visible: false, opacity: 1 }]
  it('says nothing when the address says nothing', () => {
    expect(parseLayers('?loc=beach')).toBeNull()
    expect(applyLayers(layers, null)).toBe(layers)
  })
  it('shows those named and hides the others', () => {
    expect(applyLayers(layers, parseLayers('?lop=parcels:0.6,unknown'))).toEqual([
      { id: 'areas', visible: false, opacity: 1 }, { id: 'parcels', visible: true, opacity: 0.6 },
    ])
  })
  it('takes an impossible opacity as full, and an empty list as none shown', () => {
    expect(parseLayers('?lop=areas:7')?.get('areas')).toBe(1)
    expect(applyLayers(layers, parseLayers('?lop=')).some((layer) => layer.visible)).toBe(false)
  })
  it('comes back as it was written', () => {
    const chosen = [{ id: 'areas', visible: true, opacity: 0.35 }, { id: 'parcels', visible: true, opacity: 1 }]
    expect(formatLayers(chosen)).toBe('areas:0.35,parcels')
    expect(applyLayers(layers, parseLayers(`?lop=${formatLayers(chosen)}`))).toEqual(chosen)
  })
})

describe('the sheet', () => {
  it('goes up by its button and from the top down', () => {
    expect([nextStop('peek'), nextStop('half'), nextStop('full')]).toEqual(['half', 'full', 'peek'])
  })
  it('settles at the nearest stop, or one further after a flick', () => {
    expect(nearestStop(120, 740, 0)).toBe('peek')
    expect(nearestStop(330, 740, 0.1)).toBe('half')
    expect(nearestStop(390, 740, 1)).toBe('full')
    expect(nearestStop(350, 740, -1)).toBe('peek')
    expect(nearestStop(740, 740, 1)).toBe('full')
    expect(nearestStop(90, 740, -1)).toBe('peek')
  })
})

describe('configuration', () => {
  const config = { view: { bounds: [107, 10, 109, 12] }, basemap: { kind: 'plain' }, collections: [], feature_url: '/doi-tuong/{collection}/{key}/' }
  it('names a part that is missing', () => {
    expect(() => readConfig('{"view": {}}')).toThrow('"basemap"')
  })
  it('takes texts of the server before its own', () => {
    const read = readConfig(JSON.stringify({ ...config, text: { locate: 'Near me' } }))
    expect(read.text.locate).toBe('Near me')
    expect(read.text.layers).toBe(TEXT.layers)
    expect(read.selected).toBeNull()
  })
  it('fills both places of a feature address', () => {
    expect(featureUrl(config.feature_url, 'parcels', '22918/45/123')).toBe('/doi-tuong/parcels/22918%2F45%2F123/')
  })
  it('fills places of texts and leaves a slip to be seen', () => {
    expect(fill(TEXT.layer_failed, { layer: 'Cơ quan' })).toBe('Chưa tải được lớp Cơ quan.')
    expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}')
  })
})

describe('keys of the map', () => {
  const press = (key: string, onCanvas = true, more = {}) => mapKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, onCanvas)
  it('identifies on the canvas only: on a button Enter presses the button', () => {
    expect(press('Enter')).toBe('identify')
    expect(press('Enter', false)).toBeNull()
  })
  it('knows its letters and leaves the browser its own', () => {
    expect([press('/'), press('?'), press('L'), press('g'), press('Escape')]).toEqual(['search', 'help', 'layers', 'locate', 'leave'])
    expect(press('l', true, { ctrlKey: true })).toBeNull()
    expect(press('ArrowUp')).toBeNull()
  })
})

describe('distances', () => {
  it('measures from Phan Thiết to Mũi Né', () => {
    expect(distanceM(108.102, 10.928, 108.287, 10.933)).toBeGreaterThan(20_000)
    expect(distanceM(108.102, 10.928, 108.287, 10.933)).toBeLessThan(20_400)
    expect(distanceM(108, 11, 108, 11)).toBe(0)
  })
  it('writes them as people do', () => {
    expect(formatDistance(3, 'vi')).toBe('10 m')
    expect(formatDistance(1234, 'vi')).toBe('1,2 km')
    expect(formatDistance(1234, 'en')).toBe('1.2 km')
    expect(formatDistance(43210, 'vi')).toBe('43 km')
  })
  it('draws a circle as wide as it says', () => {
    const ring = (circle(108, 11, 500).geometry as { coordinates: number[][][] }).coordinates[0] as [number, number][]
    for (const [lng, lat] of ring) expect(distanceM(108, 11, lng, lat)).toBeCloseTo(500, -1)
  })
})
