export { disk } from './disk'
