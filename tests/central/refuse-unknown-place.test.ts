import { afterEach, beforeEach, expect, it } from 'vitest'
import { refuseUnknownPlace } from '../../src/central/refuse-unknown-place.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../support/central-store.ts'

let temp: TempStore
beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [])
})
afterEach(() => temp.remove())

const oidc = { name: 'X', issuer: 'https://x.example', clientId: 'c', clientSecret: 's' }
const check = (place?: string) =>
  refuseUnknownPlace(
    { ...oidc, newcomers: { role: 'viewer', ...(place === undefined ? {} : { place }) } },
    temp.store.read,
  )

it('newcomers are of a place that is there, or of all', async () => {
  await refuseUnknownPlace(undefined, temp.store.read)
  await refuseUnknownPlace(oidc, temp.store.read)
  await check()
  await check('store')
  await expect(check('nowhere')).rejects.toThrow('oidc.newcomers.place: no place is called nowhere')
})
