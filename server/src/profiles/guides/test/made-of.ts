import {
  AUTHENTICATION_METHODS,
  type AuthenticationMethod,
  TUNNEL_TYPES,
  type TunnelType,
} from '../../../config/schema.ts'
import { findingsOf } from '../../make-files.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle } from '../../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import type { Field } from '../../testing/golden.ts'
import type { Guide } from '../guide.ts'
import { guideOutput } from '../guide-output.ts'
import { pageOf, within } from '../page.ts'
import { PKCS12 } from './cases.ts'
import { said, textOf } from './said-on-page.ts'

const SECURITIES = ['wpa2', 'wpa3', 'wpa3-192'] as const
/** 802.1X is EAP. */
const PORT_METHODS = AUTHENTICATION_METHODS.filter((method) => method !== 'mschapv2')
const VPN = {
  ...{ l2tpMachineAuthentication: 'psk', preSharedKey: 'example-key', allUsers: true },
  dns: { suffixes: ['corp.example.org'] },
}

/** What a guide has steps for: of each tunnel, of Wi-Fi and of a cable the methods of logging in. */
export function methodFields(guide: Guide): readonly Field[] {
  const can = (input: ProfileInput) => !findingsOf(guideOutput(guide), input).some(isObstacle)
  const ofPort = (inputOf: (authentication: AuthenticationMethod) => ProfileInput) =>
    PORT_METHODS.filter((method) => can(inputOf(method))).join(' ')
  // Findings and the page go by the same table; where they do not, a question mark says so.
  const ofTunnel = (tunnel: TunnelType) =>
    AUTHENTICATION_METHODS.flatMap((authentication) => {
      const isFound = can(vpn({ tunnelTypes: [tunnel], authentication }))
      if (isFound !== isOnPage(guide, tunnel, authentication)) return [`${authentication}?`]
      return isFound ? [authentication] : []
    }).join(' ')
  const below = ['psk', 'certificate'].filter((machine) =>
    can(vpn({ tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: machine })),
  )
  const rows: Field[] = [
    ...TUNNEL_TYPES.map((tunnel): Field => [tunnel, ofTunnel(tunnel)]),
    ['below l2tp', below.join(' ')],
    ['wifi', ofPort((authentication) => exampleWifi({ authentication }))],
    ['wifi security', SECURITIES.filter((security) => can(exampleWifi({ security }))).join(' ')],
    ['wired', ofPort((authentication) => exampleWired({ authentication }))],
  ]
  return rows.flatMap(([name, value]): Field[] => (value === '' ? [] : [[`${guide.id} / ${name}`, value]]))
}

const vpn = (written: object) => exampleVpn({ ...VPN, ...written })

function isOnPage(guide: Guide, tunnel: TunnelType, authentication: AuthenticationMethod): boolean {
  if (guide.vpn === undefined) return false
  const { connection } = within(guide, vpn({ tunnelTypes: TUNNEL_TYPES, authentication }))
  return connection.kind === 'vpn' && connection.tunnelTypes.includes(tunnel)
}

/** What a guide says of itself: as an output, on top of its page, and the files beside it. */
export function selfFields(guide: Guide): readonly Field[] {
  const { id, title, system, kinds, pkcs12 } = guideOutput(guide)
  const container = pkcs12 === undefined ? 'no certificate' : `PKCS #12, ${pkcs12.form}`
  return [
    [id, `${title}; ${system}; ${kinds.join(' ')}; ${container}`],
    ...kinds.flatMap((kind): Field[] => {
      const page = pageOf(guide, INPUTS[kind])
      return [[`${id} / ${kind}`, `${said(page.title)} (${textOf(page.system)})`]]
    }),
  ]
}

const others = { person: EXAMPLE_PERSON, certificate: PKCS12 }
const INPUTS = {
  vpn: exampleVpn(VPN, others),
  wifi: exampleWifi({}, others),
  wired: exampleWired({}, others),
}

/** The files beside the page of a guide that brings a certificate along. */
export function fileFields(guide: Guide): readonly Field[] {
  const output = guideOutput(guide)
  const kind = output.kinds.at(-1)
  if (kind === undefined || output.pkcs12 === undefined) return []
  const [, ...files] = output.make(INPUTS[kind])
  return files.map(({ name, mediaType, content, holdsSecret }): Field => {
    const what = typeof content === 'string' ? content.split('\n')[0] : Buffer.from(content).toString('hex')
    return [`${output.id} / ${name}`, `${mediaType}${holdsSecret ? ', secret' : ''}: ${String(what)}`]
  })
}
