// What a page names and the workspace doesn't have: enough of it to compile the page.
declare module 'react' {
  export function useSyncExternalStore<T>(subscribe: (listener: () => void) => () => void, snapshot: () => T): T
}
