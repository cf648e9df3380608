/** Other servers, MAC addresses and sessions. */
import assert from 'node:assert/strict'
import { MESSAGE_AUTHENTICATOR, radclient } from '../../../radclient.ts'
import type { Cause } from '../cause.ts'
import type { DiagnosisHouse } from '../house.ts'
import type { ClientKind, Site } from '../site.ts'

export function otherCauses(site: Site): Cause[] {
  const { seeded, clients } = site
  const far = seeded.name()
  const upstream: Cause = {
    name: 'upstream that is down',
    code: 'upstream-silent',
    says: [site.upstreamGroup, site.upstream],
    async happen(house) {
      const attributes = [
        `User-Name = "${far}@${site.proxiedRealm}"`,
        'User-Password = "x"',
        MESSAGE_AUTHENTICATOR,
      ]
      await house.request(attributes, { seconds: 1 })
      return { by: 'user', value: far }
    },
  }
  const unknown = seeded.mac()
  return [
    upstream,
    macCause(
      'device whose MAC address is not in the store',
      'mac-unknown',
      [clients.macs.name, unknown.toLowerCase()],
      unknown,
      'macs',
    ),
    macCause(
      'device whose MAC address is disabled',
      'mac-disabled',
      [site.disabledMac.toLowerCase()],
      site.disabledMac,
      'macs',
    ),
    macCause(
      'MAC address in the store, asked for at a client without MAC authentication',
      'user-not-found',
      [plain(site.storedMac)],
      site.storedMac,
      'gateway',
    ),
    sessionCause(site),
  ]
}

/** As switches write a MAC address that stands for a user. */
function plain(mac: string): string {
  return mac.replaceAll(':', '').toLowerCase()
}

function macCause(
  name: string,
  code: string,
  says: readonly string[],
  mac: string,
  client: ClientKind,
): Cause {
  return {
    name,
    code,
    says,
    twin: 'MAC address',
    async happen(house) {
      await house.request(
        [
          `User-Name = "${plain(mac)}"`,
          `User-Password = "${plain(mac)}"`,
          'Service-Type = Call-Check',
          `Calling-Station-Id = "${mac}"`,
          MESSAGE_AUTHENTICATOR,
        ],
        { client },
      )
      return { by: 'station', value: mac }
    },
  }
}

/** One session is allowed, and it is up. */
function sessionCause(site: Site): Cause {
  const person = site.user()
  const { address, secret, name } = site.clients.oneSession
  return {
    name: 'second session where one is allowed',
    code: 'session-limit-reached',
    says: [person.name, site.oneSession, name],
    async happen(house: DiagnosisHouse) {
      const login = (station: string) => [
        `User-Name = "${person.name}"`,
        `User-Password = "${person.password}"`,
        `Calling-Station-Id = "${station}"`,
        MESSAGE_AUTHENTICATOR,
      ]
      const { authPort, acctPort } = house.server
      const first = site.seeded.mac()
      const accept = await radclient({
        ...{ command: 'auth', port: authPort, secret, from: address },
        attributes: login(first),
      })
      assert.equal(accept.code, 'Access-Accept', accept.output)
      const started = await radclient({
        ...{ command: 'acct', port: acctPort, secret, from: address },
        attributes: [
          'Acct-Status-Type = Start',
          `Acct-Session-Id = "${site.seeded.name()}"`,
          `User-Name = "${person.name}"`,
          `Calling-Station-Id = "${first}"`,
          ...accept.attributes.filter((line) => line.startsWith('Class = ')),
        ],
      })
      assert.equal(started.code, 'Accounting-Response', started.output)
      await house.request(login(site.seeded.mac()), { client: 'oneSession' })
      return { by: 'user', value: person.name }
    },
  }
}
