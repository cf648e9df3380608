/** Logins that stop half way: somebody falls silent, or the network loses what was said. */

import { type Passing, tlsFlight } from '../../../eap-relay.ts'
import type { Cause } from '../cause.ts'
import type { Site } from '../site.ts'

/** What one login's network loses; made anew for each, because it remembers. */
type Network = () => (passing: Passing) => boolean

/** The device speaks no more once it has all of our certificate; the RADIUS client, which has our answer, does not ask. */
const silentAtCertificate: Network = () => {
  let isDelivered = false
  return (passing) => {
    if (tlsFlight(passing)?.more === false) isDelivered = true
    return passing.towards === 'server' && isDelivered
  }
}

/** Large frames do not reach the device; the RADIUS client got them and does not ask again. */
const losesLargeFrames: Network = () => {
  let isLost = false
  return (passing) => {
    if (tlsFlight(passing)?.more === true) isLost = true
    return isLost
  }
}

/** Large datagrams do not reach the RADIUS client, which asks again. */
const losesLargeAnswers: Network = () => (passing) =>
  passing.towards === 'client' && passing.octets.length > 700

/** The device says its name and nothing else. */
const silentAfterIdentity: Network = () => {
  let requests = 0
  return ({ towards }) => towards === 'server' && ++requests > 1
}

/** The device accepts our certificate and is then moved out of range. */
const silentInTunnel: Network = () => {
  let flights = 0
  return (passing) => {
    if (tlsFlight(passing)?.more === false) flights++
    return passing.towards === 'server' && flights > 1
  }
}

const FRAMED_MTU = 12
const IN_ONE_PIECE = [`${FRAMED_MTU}:d:2048`]
const IN_FRAGMENTS = [`${FRAMED_MTU}:d:600`]

export function silenceCauses(site: Site): Cause[] {
  const { serverName } = site
  const cause = (
    name: string,
    code: string,
    network: Network,
    more: {
      readonly attributes?: readonly string[]
      readonly says?: readonly string[]
      readonly ambiguous?: boolean
      readonly twin?: string
    } = {},
  ): Cause => {
    const { attributes, says = [], ...rest } = more
    const person = site.user()
    const client = site.seeded.pick(['gateway', 'wifi'])
    return {
      name,
      code,
      says: [person.name, site.clients[client].name, ...says],
      slow: true,
      ...rest,
      async happen(house) {
        await house.supplicant(house.tunnel('PEAP', 'MSCHAPV2', person), {
          client,
          loses: network(),
          seconds: 5,
          ...(attributes === undefined ? {} : { attributes }),
        })
        return { by: 'user', value: person.name }
      },
    }
  }
  return [
    cause('device that is silent at our certificate', 'server-certificate-unanswered', silentAtCertificate, {
      attributes: IN_FRAGMENTS,
      says: [serverName],
      twin: 'untrusted or lost',
    }),
    cause('network that loses large frames to the device', 'eap-fragment-lost', losesLargeFrames, {
      attributes: IN_FRAGMENTS,
      says: [serverName, '0 of'],
      twin: 'untrusted or lost',
    }),
    cause(
      'device that is silent at a certificate in one piece',
      'no-answer-to-certificate',
      silentAtCertificate,
      {
        attributes: IN_ONE_PIECE,
        says: [serverName],
        ambiguous: true,
        twin: 'untrusted or lost',
      },
    ),
    cause('network that loses large answers to the client', 'answer-lost', losesLargeAnswers, {
      twin: 'untrusted or lost',
    }),
    cause('device that says its name and no more', 'conversation-abandoned', silentAfterIdentity, {
      says: ['offered'],
    }),
    cause('device that vanishes inside the tunnel', 'conversation-abandoned', silentInTunnel, {
      says: ['had accepted our certificate'],
    }),
  ]
}
