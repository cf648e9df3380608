import type { ShieldedStation } from '../../identity/shield/shield-owner.ts'
import { RequestError } from '../../kernel/errors.ts'
import { normaliseMac } from '../../kernel/mac-address.ts'
import type { Services, ShieldedAccount } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function shieldApi({ stores }: Pick<ApiParts, 'stores'>): Services['shield'] {
  return {
    list: async () => {
      const reports = await stores.shield.list()
      return reports.map(({ user, source, used, threshold, left, until, stations }): ShieldedAccount => {
        const devices = stations.map(deviceOf)
        return {
          user,
          source,
          failures: used,
          lockoutThreshold: threshold,
          left,
          until: instant(until),
          devices,
        }
      })
    },
    release: async ({ user, source, device }) => {
      const station = device === undefined ? undefined : (normaliseMac(device) ?? device.trim().toLowerCase())
      const released = await stores.shield.release(user, source, station)
      if (released > 0) return released
      throw new RequestError('not-found', `Nothing is held against an account "${user}".`)
    },
  }
}

function deviceOf({ station: device, client, failures, stopped, ...at }: ShieldedStation) {
  const moment = (milliseconds: number | undefined): string | undefined =>
    milliseconds === undefined ? undefined : instant(milliseconds)
  return {
    device,
    failures,
    stopped,
    ...optional('client', client),
    ...optional('lastFailureAt', moment(at.lastFailureAt)),
    ...optional('heldUntil', moment(at.heldUntil)),
    ...optional('lastStoppedAt', moment(at.lastStoppedAt)),
    ...optional('lastSuccessAt', moment(at.lastSuccessAt)),
  }
}
