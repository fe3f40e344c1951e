/** Buttons that only a script can serve: they are `hidden` in the page and shown here. */
import { announce } from './status'

export function serveButtons(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>('[data-share], [data-print], [data-copy], [data-copy-from], [data-dialog]')) button.hidden = false
}

export function listenForButtons(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-share], [data-print], [data-copy], [data-copy-from], [data-dialog], [data-close]')
    if (button) void act(button)
  })
  document.addEventListener('click', (event) => closeMenus(event.target as Element))
  document.addEventListener('keydown', (event) => event.key === 'Escape' && closeMenus(document.body))
}

async function act(button: HTMLElement): Promise<void> {
  const { dataset } = button
  if (dataset.print !== undefined) window.print()
  else if (dataset.dialog !== undefined) document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(dataset.dialog)}`)?.showModal()
  else if (dataset.close !== undefined) button.closest('dialog')?.close()
  else if (dataset.copyFrom !== undefined) await copyField(dataset.copyFrom, dataset.textCopied)
  else if (dataset.copy !== undefined) await copy(dataset.copy, dataset.textCopied)
  else await share(dataset.textCopied)
}

async function share(copied = ''): Promise<void> {
  if (!navigator.share) return copy(location.href, copied)
  try {
    await navigator.share({ title: document.title, url: location.href })
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error // the reader closed the share sheet
  }
}

async function copy(text: string, copied = ''): Promise<void> {
  await navigator.clipboard.writeText(text)
  announce(copied)
}

/** The text of a field, selected too, so that one sees what was taken, and can copy by key where the browser refuses. */
async function copyField(id: string, copied = ''): Promise<void> {
  const field = document.getElementById(id)
  if (!(field instanceof HTMLTextAreaElement)) return
  field.select()
  await copy(field.value, copied)
}

function closeMenus(target: Element): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) if (!menu.contains(target)) menu.open = false
}
