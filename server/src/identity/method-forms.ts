import type { RuleConfiguration } from '../config/schema.ts'
import type { ProofForm } from './source.ts'

export type MethodName = NonNullable<RuleConfiguration['methods']['outer']>[number]

/** What a method asks a source to check; a tunnel asks nothing itself; MAC authentication bypass and a proxied login ask no source. */
export const FORM_OF_METHOD: Readonly<Record<MethodName, ProofForm | 'tunnel' | 'mac-store' | 'upstream'>> = {
  pap: 'password',
  chap: 'chap',
  mschap: 'mschap',
  mschapv2: 'mschapv2',
  'eap-md5': 'chap',
  'eap-gtc': 'password',
  'eap-mschapv2': 'mschapv2',
  'eap-tls': 'certificate',
  peap: 'tunnel',
  'eap-ttls': 'tunnel',
  mab: 'mac-store',
  proxied: 'upstream',
}

/** The forms of proof a rule lets somebody in by, as far as it lists methods; undefined: any. */
export function formsOfRule({ methods }: RuleConfiguration): ReadonlySet<ProofForm> | undefined {
  const { outer, inner } = methods
  const isTunnel = (method: MethodName): boolean => FORM_OF_METHOD[method] === 'tunnel'
  if (outer === undefined || (inner === undefined && outer.some(isTunnel))) return undefined
  const listed = outer.flatMap((method) => (isTunnel(method) ? (inner ?? []) : [method]))
  const forms = listed.map((method) => FORM_OF_METHOD[method])
  return new Set(forms.filter((form) => form !== 'tunnel' && form !== 'mac-store' && form !== 'upstream'))
}
