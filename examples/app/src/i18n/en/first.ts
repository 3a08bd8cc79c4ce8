/** What the first screen says, and whatever may be said anywhere. */
import common from './common.json'
import trouble from './trouble.json'
import welcome from './welcome.json'

export const words = { common, welcome, trouble }
