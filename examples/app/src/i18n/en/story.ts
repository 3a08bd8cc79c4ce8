/** What the guide of the story says. */
import tour from './tour.json'

export const words = { tour }
