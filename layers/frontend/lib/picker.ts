/** Unit → sheet → number: each choice fills the next field's list, without a new page. The form works without it. */
import { growChoice } from './choice'
import { announce } from './status'

interface Offer {
  options: { number: number; hint: string }[]
  text: string
}

export function growPicker(form: HTMLFormElement): void {
  const unit = form.querySelector<HTMLSelectElement>('select[name="xa"]')
  const sheet = form.querySelector<HTMLInputElement>('input[name="to"]')
  const number = form.querySelector<HTMLInputElement>('input[name="thua"]')
  const hint = form.querySelector<HTMLElement>('[data-hint]')
  const { sheetsUrl, numbersUrl } = form.dataset
  if (!unit || !sheet || !number || !hint || !sheetsUrl || !numbersUrl) return
  growChoice(unit)
  const usual = hint.textContent
  let asking: AbortController | null = null

  /** Asks for what `field` may hold; an older question still under way is dropped, and with it its answer. */
  const offer = async (field: HTMLInputElement, url: string): Promise<void> => {
    asking?.abort()
    const request = (asking = new AbortController())
    const address = new URL(url, location.href)
    address.search = new URLSearchParams({ xa: unit.value, to: sheet.value.trim() }).toString()
    try {
      const answer = await fetch(address, { signal: request.signal })
      if (!answer.ok) throw new Error(String(answer.status))
      const { options, text } = (await answer.json()) as Offer
      field.list?.replaceChildren(...options.map(optionOf))
      hint.textContent = text
      announce(text)
    } catch {
      if (!request.signal.aborted) announce(form.dataset.textFailed ?? '')
    }
  }

  unit.addEventListener('change', () => {
    sheet.value = number.value = ''
    sheet.list?.replaceChildren()
    number.list?.replaceChildren()
    if (unit.value) void offer(sheet, sheetsUrl)
    else hint.textContent = usual
  })
  const offerNumbers = (): void => {
    if (unit.value && /^\d+$/.test(sheet.value.trim())) void offer(number, numbersUrl)
  }
  sheet.addEventListener('change', () => {
    number.value = ''
    number.list?.replaceChildren()
    offerNumbers()
  })
  offerNumbers() // the page may begin with a sheet already chosen
}

function optionOf({ number, hint }: Offer['options'][number]): HTMLOptionElement {
  const option = document.createElement('option')
  option.value = String(number)
  option.label = hint
  return option
}
