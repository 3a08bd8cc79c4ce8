/** How many histories are played; AMANAT_SEEDS says otherwise. */
import { env } from 'node:process'
import { size } from '../trust/figures'

export const SEEDS = Number(env.AMANAT_SEEDS ?? size(10_000, 1_000_000))
