import type { Attribute, PacketView } from '@sallyport/radius'
import { NasPort, NasPortId } from '@sallyport/radius/attributes'
import type { MacDirectory, StoredMac } from '../../identity/mac/stored-mac.ts'
import type { EapSummary } from '../../journal/index.ts'
import { formatMac } from '../../kernel/mac-address.ts'
import { MAB } from '../../policy/index.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Answer } from '../answer.ts'
import type { Conclusion, Envelope } from '../conclusion.ts'
import type { Served } from '../served.ts'
import { macBarred, macFacts } from './mac-standing.ts'
import type { RecognisedMac } from './recognise-mac.ts'
import type { UnknownMacs } from './unknown-macs.ts'

const NOTHING: readonly Attribute[] = []
const NO_ENVELOPE: Envelope = { success: () => NOTHING, failure: () => NOTHING }

/** What decisions see as `user.source` of a MAC address. */
const SOURCE = 'mac'

export interface MacLoginParts {
  readonly directory: MacDirectory
  readonly unknown: UnknownMacs
  readonly conclusion: Conclusion
  readonly now: () => number
  readonly monotonic: () => number
  /** Told what the directory threw; the login is left without an answer. */
  readonly failed: (error: unknown) => void
}

/** MAC authentication bypass: a recognised address, looked up in the MAC store alone, and decided by the rules. */
export class MacLogin {
  readonly #parts: MacLoginParts

  constructor(parts: MacLoginParts) {
    this.#parts = parts
  }

  answer(
    request: AccessRequest,
    served: Served,
    recognised: RecognisedMac,
    eap?: { readonly envelope: Envelope; readonly summary: EapSummary },
  ): Answer | Promise<Answer> {
    const { conclusion, monotonic } = this.#parts
    const { mac, userName } = recognised
    const envelope = eap?.envelope ?? NO_ENVELOPE
    const about = { outerIdentity: userName, user: mac, realm: '', method: MAB, eap: eap?.summary } as const
    let found: StoredMac | Reason
    try {
      found = this.#find(request, recognised)
    } catch (error) {
      this.#parts.failed(error)
      const why = reason('source-unavailable', { user: mac, source: SOURCE })
      return conclusion.silence(request, served, { ...about, reason: why, attributes: NOTHING })
    }
    if ('code' in found)
      return conclusion.fail(request, served, { ...about, reason: found, attributes: envelope.failure() })
    return conclusion.decide(request, served, {
      proved: {
        // Its groups are facts of `mac`, so that no rule about a group of users takes a printer for one of them.
        user: { id: `mac:${mac}`, name: mac, source: SOURCE, groups: [], attributes: {} },
        realm: '',
        method: MAB,
        outerIdentity: userName,
        mac: macFacts(found),
      },
      grant: () => NOTHING,
      deny: () => NOTHING,
      envelope,
      eap: eap?.summary,
      provedAt: monotonic(),
    })
  }

  #find({ packet, client }: AccessRequest, recognised: RecognisedMac): StoredMac | Reason {
    const { directory, unknown, now } = this.#parts
    const { mac, contradictedBy } = recognised
    const shown = formatMac(mac)
    if (contradictedBy !== undefined) {
      const callingStationId = contradictedBy === '' ? undefined : contradictedBy
      return reason('mac-contradicted', { mac: shown, client: client.name, callingStationId })
    }
    const stored = directory.find(mac)
    const port = portOf(packet)
    if (stored === undefined) {
      unknown.note(mac, client.name, port, now())
      return reason('mac-unknown', { mac: shown, client: client.name, port: port === '' ? undefined : port })
    }
    unknown.forget(mac, client.name)
    return macBarred(stored, now()) ?? stored
  }
}

/** Where it is plugged in, as the RADIUS client says it; bounded, because it is remembered. */
function portOf(packet: PacketView): string {
  return (packet.get(NasPortId) ?? packet.get(NasPort)?.toString() ?? '').slice(0, 64)
}
