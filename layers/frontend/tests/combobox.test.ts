import { describe, expect, it } from 'vitest'
import { onKey, type ListState } from '../lib/combobox'

const open: ListState = { open: true, active: -1, count: 3 }
const keys = (state: ListState, ...names: string[]) => names.reduce((at, key) => onKey(at, key).state, state)

describe('combobox keys', () => {
  it('walks down through the options and back to the text', () => {
    expect(keys(open, 'ArrowDown').active).toBe(0)
    expect(keys(open, 'ArrowDown', 'ArrowDown', 'ArrowDown').active).toBe(2)
    expect(keys(open, 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown').active).toBe(-1)
  })
  it('walks up from the text to the last option', () => {
    expect(keys(open, 'ArrowUp').active).toBe(2)
    expect(keys(open, 'ArrowDown', 'ArrowUp').active).toBe(-1)
  })
  it('opens a closed list that has options, and does nothing without', () => {
    expect(onKey({ ...open, open: false }, 'ArrowDown').state).toEqual({ open: true, active: 0, count: 3 })
    expect(onKey({ open: false, active: -1, count: 0 }, 'ArrowDown').handled).toBe(false)
  })
  it('opens with Alt and the arrow without moving, and closes with Alt and up', () => {
    expect(onKey({ ...open, open: false }, 'ArrowDown', true).state).toMatchObject({ open: true, active: -1 })
    expect(onKey(open, 'ArrowUp', true).state.open).toBe(false)
  })
  it('chooses the active option, and sends the form when there is none', () => {
    expect(onKey({ ...open, active: 1 }, 'Enter')).toMatchObject({ action: 'choose', handled: true })
    expect(onKey(open, 'Enter')).toMatchObject({ action: 'submit', handled: false })
  })
  it('closes with the first Escape and clears with the second', () => {
    const first = onKey({ ...open, active: 1 }, 'Escape')
    expect(first).toMatchObject({ action: 'none', handled: true, state: { open: false, active: -1 } })
    expect(onKey(first.state, 'Escape')).toMatchObject({ action: 'clear', handled: true })
  })
  it('lets Tab, letters and Home through', () => {
    expect(onKey(open, 'Tab')).toMatchObject({ handled: false, state: { open: false } })
    expect(onKey(open, 'ũ')).toMatchObject({ handled: false, state: open })
    expect(onKey({ ...open, active: 1 }, 'Home')).toMatchObject({ handled: false, state: { active: -1 } })
  })
})
