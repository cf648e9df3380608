import type { EapFacts, ProfileFacts, TunnelFacts } from '../profile-facts.ts'
import { iniSections } from './ini-sections.ts'

/** MS-RRASM section 2.2.2.2. */
const STRATEGIES: Readonly<Record<string, TunnelFacts['type']>> = {
  1: 'pptp',
  2: 'automatic',
  3: 'l2tp',
  4: 'automatic',
  5: 'sstp',
  6: 'automatic',
  7: 'ikev2',
  8: 'automatic',
  // IKEv2, then SSTP: neither is PPTP.
  14: 'ikev2',
}
const ENCRYPTIONS: Readonly<Record<string, NonNullable<TunnelFacts['encryption']>>> = {
  0: 'none',
  8: 'optional',
  256: 'required',
  512: 'maximum',
}
const METHOD_BITS: readonly (readonly [number, string])[] = [
  [8, 'pap'],
  [32, 'chap'],
  [64, 'mschap'],
  [128, 'eap'],
  [512, 'mschapv2'],
  [2048, 'certificate'],
]
const EAP_TYPES: Readonly<Record<string, EapFacts['method']>> = {
  13: 'eap-tls',
  25: 'peap',
  26: 'eap-mschapv2',
}
const IPSEC_PRE_SHARED_KEY = '1'

/** A phone book of Windows. Which server EAP trusts stands in a blob of the provider, which is not read. */
export function readRasphone(text: string): ProfileFacts {
  const entries = iniSections(text).filter(({ values }) => values.has('VpnStrategy'))
  return {
    format: 'rasphone',
    eap: entries.flatMap(({ name, values }) => {
      const method = EAP_TYPES[values.get('CustomAuthKey') ?? '']
      return method === undefined ? [] : [{ place: name, method }]
    }),
    tunnels: entries.map(({ name, values }) => {
      const bits = Number(values.get('AuthRestrictions') ?? 0)
      return {
        place: name,
        type: STRATEGIES[values.get('VpnStrategy') ?? ''] ?? 'automatic',
        encryption: ENCRYPTIONS[values.get('DataEncryption') ?? ''] ?? 'optional',
        methods: METHOD_BITS.filter(([bit]) => (bits & bit) !== 0).map(([, method]) => method),
        usesPreSharedKey: values.get('IpSecFlags') === IPSEC_PRE_SHARED_KEY,
        checksGatewayName: values.get('DisableIKENameEkuCheck') !== '1',
      }
    }),
    networks: [],
    faults: [],
  }
}
