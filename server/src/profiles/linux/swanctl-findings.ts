import type { VpnConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import { SWANCTL_METHODS } from './swanctl-connection.ts'

/** Why strongSwan cannot come in by this description at all. */
export function swanctlObstacles({ connection, person }: ProfileInput<VpnConnection>): readonly Finding[] {
  const obstacles: Finding[] = []
  if (!connection.tunnelTypes.includes('ikev2')) {
    obstacles.push(
      obstacle('tunnel-not-served', 'swanctl makes IKEv2 tunnels, which are not offered.', 'tunnelTypes'),
    )
  }
  if (connection.authentication === 'ttls-pap') {
    const message = 'EAP-TTLS of strongSwan carries EAP methods inside, not PAP.'
    obstacles.push(obstacle('method-not-served', message, 'authentication'))
  } else if (SWANCTL_METHODS[connection.authentication] === undefined) {
    const message = `strongSwan has no ${connection.authentication} in IKEv2.`
    obstacles.push(obstacle('method-not-served', message, 'authentication'))
  }
  if (connection.routing === 'split' && connection.routes.every(({ exclude }) => exclude)) {
    obstacles.push(obstacle('split-without-routes', 'A split tunnel needs the networks behind it.', 'routes'))
  }
  if (person === undefined) {
    obstacles.push(
      obstacle('person-needed', 'swanctl asks nobody for a name: make it for one person, with --user.'),
    )
  }
  return obstacles
}

/** What is made and differs from what was described, or needs something more. */
export function swanctlWarnings({
  connection,
  radiusServer,
  certificate,
}: ProfileInput<VpnConnection>): readonly Finding[] {
  const { authentication, anonymousIdentity, encryption } = connection
  const isTunnelled = /^(peap|ttls)-/.test(authentication)
  const found: Finding[] = []
  if (authentication.startsWith('peap-')) {
    const message =
      'The plugin eap-peap is not in the packages of Debian and Ubuntu: build it, or offer eap-tls.'
    found.push(warning('plugin-needed', message, 'authentication'))
  }
  if (authentication === 'ttls-mschapv2') {
    const message =
      'strongSwan runs EAP-MSCHAPv2 inside EAP-TTLS, not MS-CHAPv2 alone: the server must offer that.'
    found.push(warning('inner-method-differs', message, 'authentication'))
  }
  if (isTunnelled && anonymousIdentity) {
    const message = 'strongSwan says the real name outside the tunnel too.'
    found.push(warning('no-anonymous-identity', message, 'anonymousIdentity'))
  }
  if (radiusServer.names.length > 1 && authentication !== 'eap-mschapv2') {
    const message = `strongSwan insists on one name of the RADIUS server: ${radiusServer.names[0] ?? ''}.`
    found.push(warning('one-server-name', message, 'serverNames'))
  }
  if (encryption === 'optional' || encryption === 'none') {
    found.push(warning('always-encrypted', 'IKEv2 of strongSwan encrypts always.', 'encryption'))
  }
  if (!authentication.endsWith('eap-tls')) {
    const message = 'The password is not in the file: the person writes it into a section eap of secrets.'
    found.push(warning('password-not-inside', message))
  } else if (certificate?.kind !== 'pkcs12') {
    const message = 'Certificate and key have to be put into x509 and private of /etc/swanctl.'
    found.push(warning('certificate-not-inside', message))
  }
  return found
}

function obstacle(code: string, message: string, setting?: string): Finding {
  return { severity: 'obstacle', code, message, ...(setting !== undefined && { setting }) }
}

function warning(code: string, message: string, setting?: string): Finding {
  return { severity: 'warning', code, message, ...(setting !== undefined && { setting }) }
}
