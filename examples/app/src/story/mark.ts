/**
 * That the story runs in this tab, so that it can say after a reload why it begins again. A mark and nothing else: what was
 * in the story is gone with the page.
 */
const KEPT_AS = 'amanat-app:story'

/** Where a browser keeps nothing, the story begins again without saying so. */
const kept = <T>(use: () => T): T | undefined => {
  try {
    return use()
  } catch {
    return undefined
  }
}

export const mark = (): void => kept(() => sessionStorage.setItem(KEPT_AS, 'runs'))
export const unmark = (): void => kept(() => sessionStorage.removeItem(KEPT_AS))
export const isMarked = (): boolean => kept(() => sessionStorage.getItem(KEPT_AS) !== null) ?? false
