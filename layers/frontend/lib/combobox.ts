/** Keys of an ARIA 1.2 combobox with a list box. Pure: the search box draws what this decides. */

export interface ListState {
  open: boolean
  /** index of the active option, -1 when the text itself is active */
  active: number
  count: number
}

export type ListAction = 'none' | 'choose' | 'submit' | 'clear'

export interface KeyAnswer {
  state: ListState
  action: ListAction
  /** the key is used up: the browser shall not act on it too */
  handled: boolean
}

export const CLOSED: ListState = { open: false, active: -1, count: 0 }

export function onKey(state: ListState, key: string, alt = false): KeyAnswer {
  const stay = { state, action: 'none' as const, handled: false }
  switch (key) {
    case 'ArrowDown':
      if (state.count === 0) return stay
      return moved(state, alt ? state.active : wrap(state.active + 1, state.count))
    case 'ArrowUp':
      if (state.count === 0) return stay
      if (alt) return { state: { ...state, open: false, active: -1 }, action: 'none', handled: true }
      return moved(state, wrap(state.active - 1, state.count))
    case 'Home':
    case 'End':
      return state.active === -1 ? stay : { state: { ...state, active: -1 }, action: 'none', handled: false }
    case 'Enter':
      return state.open && state.active >= 0 ? { state, action: 'choose', handled: true } : { ...stay, action: 'submit' }
    case 'Tab':
      return { state: { ...state, open: false, active: -1 }, action: 'none', handled: false }
    case 'Escape':
      if (state.open) return { state: { ...state, open: false, active: -1 }, action: 'none', handled: true }
      return { state, action: 'clear', handled: true }
    default:
      return stay
  }
}

function moved(state: ListState, active: number): KeyAnswer {
  return { state: { ...state, open: true, active }, action: 'none', handled: true }
}

/** One place more than there are options: -1 is the text field, so that arrows come back to it. */
function wrap(index: number, count: number): number {
  if (index >= count) return -1
  return index < -1 ? count - 1 : index
}
