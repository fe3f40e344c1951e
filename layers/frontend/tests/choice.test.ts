import { describe, expect, it } from 'vitest'
import { fits, fold } from '../lib/choice'

describe('a list that is filtered as one types', () => {
  it('folds accents, capitals and đ', () => {
    expect(fold('Phường Đức Thắng')).toBe('phuong duc thang')
  })
  it('finds by the beginnings of words, in any order, with or without accents', () => {
    const title = 'Phường Hàm Tiến (cũ), Phan Thiết'
    for (const typed of ['ham', 'Hàm Tiến', 'tien phan', 'phuong h', '', 'ham tien, phan thiet']) expect(fits(title, typed), typed).toBe(true)
    for (const typed of ['am', 'tienn', 'mũi', 'hamtien']) expect(fits(title, typed), typed).toBe(false)
  })
})
