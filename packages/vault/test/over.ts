/** A store that does some things otherwise. */
import type { Store } from '@amanat/store-contract'

export const over = (store: Store, calls: Record<string, unknown>): Store =>
  new Proxy(store, {
    get: (target, name) => {
      if (typeof name === 'string' && Object.hasOwn(calls, name)) return calls[name]
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
