import * as z from 'zod'
import { type EapFacts, type ProfileFacts, UnreadableProfile } from '../profile-facts.ts'

/** What counts of a .sswan file; whatever else stands in it is left alone. */
const schema = z.object({
  type: z.string(),
  remote: z.object({
    addr: z.string(),
    id: z.string().optional(),
    cert: z.string().optional(),
  }),
  local: z.object({ p12: z.string().optional(), shared_secret: z.string().optional() }).optional(),
  'ike-proposal': z.string().optional(),
  'esp-proposal': z.string().optional(),
})

/** A profile of strongSwan for Android. @throws UnreadableProfile */
export function readSswan(text: string): ProfileFacts {
  const { success, data } = schema.safeParse(jsonOf(text))
  if (!success)
    throw new UnreadableProfile('The JSON is no .sswan profile: type and remote.addr are missing.')
  const proposals = [data['ike-proposal'], data['esp-proposal']].filter((one) => one !== undefined)
  const isEap = data.type === 'ikev2-eap' || data.type === 'ikev2-byod-eap' || data.type === 'ikev2-cert-eap'
  const eap: EapFacts[] = isEap ? [{ place: 'type', method: 'eap-mschapv2' }] : []
  return {
    format: 'sswan',
    eap,
    tunnels: [
      {
        ...{ place: 'remote', type: 'ikev2', suites: proposals.flatMap((one) => one.split('-')) },
        // The app compares the address where no id is given.
        checksGatewayName: data.remote.id !== '%any',
        gatewayAnchors: data.remote.cert === undefined ? [] : ['remote.cert'],
        holdsSecret: data.local?.shared_secret !== undefined,
      },
    ],
    networks: [],
    faults: [],
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableProfile('The file looks like JSON, and is none.')
  }
}
