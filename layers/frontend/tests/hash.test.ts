import { describe, expect, it } from 'vitest'
import { formatHash, parseHash } from '../lib/hash'

describe('view in the hash', () => {
  it('reads zoom, latitude, longitude in that order', () => {
    expect(parseHash('#map=12.5/10.94/108.28')).toEqual({ zoom: 12.5, lat: 10.94, lng: 108.28 })
  })
  it('reads it beside other values and past bearing and pitch', () => {
    expect(parseHash('#a=1&map=9/10/108/0/30')).toEqual({ zoom: 9, lat: 10, lng: 108 })
  })
  it.each(['', '#', '#list', '#map=', '#map=12/10.9', '#map=x/10/108', '#map=12/91/108', '#map=12//108', '#map=-1/10/108', '#map=12/10/Infinity'])(
    'refuses %s', (hash) => expect(parseHash(hash)).toBeNull(),
  )
  it('writes as many digits as the zoom can show', () => {
    expect(formatHash({ zoom: 5, lat: 10.123456, lng: 108.654321 })).toBe('#map=5/10.12/108.65')
    expect(formatHash({ zoom: 17.126, lat: 10.1234567, lng: 108.7654321 })).toBe('#map=17.13/10.123457/108.765432')
  })
  it('comes back as it was written', () => {
    const view = { zoom: 14.25, lat: 10.93321, lng: 108.28718 }
    const back = parseHash(formatHash(view))
    expect(back?.zoom).toBe(14.25)
    expect(back?.lat).toBeCloseTo(view.lat, 4)
    expect(back?.lng).toBeCloseTo(view.lng, 4)
  })
})
