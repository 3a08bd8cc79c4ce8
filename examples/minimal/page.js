// @ts-check
// What the page needs of the browser: forms, buttons, and a place where trouble is said. Nothing here knows the vault but for
// the shape of its errors.
import { isVaultError } from '@amanat/vault'

/** @param {string} selector @param {(form: { get(name: string): string }) => Promise<void>} work */
export function onSubmit(selector, work) {
  find(selector).addEventListener('submit', event => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const given = new FormData(form)
    form.reset()
    void attempt(() => work({ get: name => String(given.get(name)) }))
  })
}

/** @param {string} words @param {() => Promise<unknown>} work */
export function button(words, work) {
  const made = document.createElement('button')
  made.textContent = words
  made.addEventListener('click', () => void attempt(work))
  return made
}

/** What is refused or fails is said, with what to do. @param {() => Promise<unknown>} work */
export async function attempt(work) {
  try {
    find('[role=alert]').textContent = ''
    await work()
  } catch (error) {
    if (!isVaultError(error)) throw error
    find('[role=alert]').textContent = `${error.message} ${error.fix}`
  }
}

/** @param {string} selector */
export function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector))
}
