import type { Certificate } from '@sallyport/pki'
import type { AuthenticationMethod, TunnelType, VpnConnection } from '../../../config/schema.ts'
import { fileName } from '../../file-name.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { code, say, type Value, words } from '../phrase.ts'

/** What people see a connection as. */
export const titleOf = ({ connection }: ProfileInput): string => connection.title ?? connection.name

export const usesCertificate = (method: AuthenticationMethod): boolean => method.endsWith('eap-tls')
/** Somebody types a name and a password. */
export const usesPassword = (method: AuthenticationMethod): boolean => !usesCertificate(method)
/** The RADIUS server shows a certificate of its own in the login. */
export const showsServer = (method: AuthenticationMethod): boolean =>
  method !== 'eap-mschapv2' && method !== 'mschapv2'

/** Tunnels whose gateway shows a certificate. */
export function gatewayShowsCertificate(connection: VpnConnection, tunnel: TunnelType): boolean {
  if (tunnel === 'l2tp') return connection.l2tpMachineAuthentication === 'certificate'
  return tunnel !== 'pptp'
}

export const userName = ({ person }: ProfileInput): Value =>
  person === undefined ? words(say('yourUserName')) : code(person.userName)

export const password: Value = words(say('yourPassword'))

/** The name outside of PEAP and EAP-TTLS; undefined where it is not asked for. */
export function anonymousName({ connection, person }: ProfileInput): string | undefined {
  const { authentication, anonymousIdentity } = connection
  if (!anonymousIdentity || !/^(peap|ttls)-/.test(authentication)) return undefined
  const realm = person?.userName.split('@')[1]
  return realm === undefined || realm === '' ? 'anonymous' : `anonymous@${realm}`
}

const COMMON_NAME = '2.5.4.3'

/** What lists of certificates call it. */
export function shownName({ subject, fingerprint }: Certificate): string {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text ?? fingerprint
}

export interface RootFile {
  readonly name: string
  readonly certificate: Certificate
}

/** The roots a device has to know, each once, and the files they come in beside the page. */
export function rootFiles(input: ProfileInput): readonly RootFile[] {
  const { connection, organization, radiusServer, gatewayAnchors } = input
  const ofGateway =
    connection.kind === 'vpn' &&
    connection.tunnelTypes.some((tunnel) => gatewayShowsCertificate(connection, tunnel))
  const wanted = [
    ...(ofGateway ? gatewayAnchors : []),
    ...(showsServer(connection.authentication) ? radiusServer.anchors : []),
  ]
  const each = [...new Map(wanted.map((root) => [root.fingerprint, root])).values()]
  return each.map((certificate, index) => ({
    name: fileName(`${organization.name} root${each.length > 1 ? ` ${String(index + 1)}` : ''}`, 'crt'),
    certificate,
  }))
}

/** The person's certificate as a file beside the page, whose password is told apart from both. */
export function personalFile(
  input: ProfileInput,
): { readonly name: string; readonly content: Uint8Array } | undefined {
  const { certificate } = input
  if (certificate?.kind !== 'pkcs12') return undefined
  return {
    name: fileName(titleOf(input), 'p12'),
    content: certificate.container,
  }
}

/** A name only the DNS inside knows; undefined where the configuration says none. */
export function insideName({ dns }: VpnConnection): string | undefined {
  return (
    dns.suffixes[0] ??
    dns.rules.find(({ suffix, servers }) => servers.length > 0 && suffix !== '.')?.suffix.replace(/^\./, '')
  )
}
