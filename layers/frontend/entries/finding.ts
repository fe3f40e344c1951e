/** The desk's ways to find a parcel: a key for the one box, and three fields that fill one after the other. */
import { growPicker } from '../lib/picker'
import { listenForSlash, serveSlashButton } from '../lib/slash'

const box = document.querySelector<HTMLInputElement>('[data-desk-search] input[name="q"]')
if (box) listenForSlash(box)
for (const form of document.querySelectorAll<HTMLFormElement>('[data-picker]')) growPicker(form)
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-slash]')) serveSlashButton(button)
