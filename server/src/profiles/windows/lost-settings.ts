import type { VpnConnection } from '../../config/schema.ts'
import type { Finding } from '../profile-output.ts'
import { windowsTunnels } from './connection-names.ts'
import type { Scope } from './connection-steps.ts'
import { lost, obstacle, warning } from './finding.ts'

/** What the cmdlets have no parameter for. */
export function lostByScript(connection: VpnConnection, scope: Scope): readonly Finding[] {
  const { alwaysOn, deviceTunnel, dns, routes, routing, proxy, allUsers } = connection
  const isPersonal = scope === 'person'
  const triggers = triggerSettings(connection)
  return present([
    alwaysOn && lost('alwaysOn', 'only ProfileXML has it: windows-profilexml, windows-aovpn-script.'),
    deviceTunnel !== undefined && lost('deviceTunnel', 'only ProfileXML has it: windows-aovpn-script.'),
    enforced(connection),
    routes.some(({ exclude }) => exclude) && lost('routes', 'routes around the tunnel need ProfileXML.'),
    routing === 'full' &&
      routes.some(({ exclude }) => !exclude) &&
      lost('routes', 'a full tunnel has none of its own.'),
    dns.suffixes.length > 1 && lost('dns/suffixes', 'a connection has one suffix, the first.'),
    dns.rules.some(
      ({ autoTrigger, persistent, servers }) => !autoTrigger && !persistent && servers.length > 0,
    ) && lost('dns/rules', 'servers of a rule that neither triggers nor persists need ProfileXML.'),
    dns.rules.some(({ persistent }) => persistent) &&
      warning(
        'rules-need-administrator',
        'Persistent rules of name resolution are set where an administrator runs it.',
        'dns/rules',
      ),
    ...(isPersonal
      ? []
      : triggers.map((setting) => lost(setting, 'Windows keeps triggers for single users only.'))),
    triggers.length > 0 &&
      isPersonal &&
      routing === 'full' &&
      warning('triggers-need-split', 'Windows heeds triggers with split tunnels only.', 'routing'),
    triggers.length > 0 &&
      isPersonal &&
      warning(
        'triggers-outside-domains',
        'Machines in a domain ignore triggers that a script sets: use ProfileXML there.',
      ),
    proxy !== undefined && routing === 'split' && lost('proxy', 'Windows has it with full tunnels only.'),
    proxy !== undefined && !isPersonal && lost('proxy', 'the cmdlet sets it for single users only.'),
    isPersonal &&
      allUsers &&
      warning(
        'for-one-user',
        'This is the connection of one person; windows-script-all-users makes that of the machine.',
        'allUsers',
      ),
    !isPersonal &&
      connection.authentication.endsWith('tls') &&
      warning(
        'certificate-before-sign-in',
        'Before sign-in Windows reaches a smart card, not the certificates of a person: a device tunnel does.',
        'authentication',
      ),
  ])
}

export function lostByProfileXml(connection: VpnConnection): readonly Finding[] {
  const types = windowsTunnels(connection).map(({ type }) => type)
  const { proxy, idleDisconnectMinutes, useLogonCredentials, authentication, alwaysOn } = connection
  return present([
    enforced(connection),
    types.length > 1 &&
      lost(
        'tunnelTypes',
        `ProfileXML has one type, the first: ${types[0] ?? ''}. "Automatic" begins with SSTP.`,
      ),
    types[0] === 'sstp' &&
      warning('sstp-needs-windows-11', 'ProfileXML knows SSTP since Windows 11 only.', 'tunnelTypes'),
    types[0] !== 'ikev2' &&
      connection.encryption !== 'required' &&
      warning(
        'encryption-needs-windows-11',
        'ProfileXML knows DataEncryption since Windows 11 22H2 only.',
        'encryption',
      ),
    types[0] === 'pptp' &&
      authentication !== 'mschapv2' &&
      warning('pptp-with-eap', 'PPTP with EAP was never seen in ProfileXML; try it first.', 'authentication'),
    proxy !== undefined &&
      proxy.exceptions.length > 0 &&
      lost('proxy/exceptions', 'only the cmdlet has them.'),
    idleDisconnectMinutes > 0 && lost('idleDisconnectMinutes', 'only the cmdlet has it.'),
    useLogonCredentials &&
      authentication === 'mschapv2' &&
      lost('useLogonCredentials', 'only EAP in ProfileXML has it.'),
    !alwaysOn && warning('not-always-on', 'The profile is put there and waits to be started.', 'alwaysOn'),
  ])
}

export function lostByPhoneBook(connection: VpnConnection): readonly Finding[] {
  const types = windowsTunnels(connection).map(({ type }) => type)
  const { authentication, l2tpMachineAuthentication, routes, gateways, dns } = connection
  const isWritable = authentication === 'mschapv2' || authentication === 'eap-mschapv2'
  return present([
    !isWritable &&
      obstacle(
        'eap-not-in-phone-book',
        'CustomAuthData, where a phone book keeps roots and names of the RADIUS server, only Windows itself can make; without it any server is trusted. Use windows-script, then windows-to-all-users.',
        'authentication',
      ),
    types.includes('l2tp') &&
      l2tpMachineAuthentication === 'psk' &&
      lost('preSharedKey', 'Windows keeps it elsewhere: type it into the properties of the connection.'),
    (types.includes('ikev2') || types.includes('l2tp')) &&
      lost('cryptography', 'Windows offers its own suites, which gateways of today refuse (13868).'),
    enforced(connection),
    routes.length > 0 && lost('routes', 'no entry has routes.'),
    gateways.length > 1 && lost('gateways', 'an entry has one here, the first.'),
    dns.suffixes.length > 1 && lost('dns/suffixes', 'an entry has one, the first.'),
    dns.rules.length > 0 && lost('dns/rules', 'no entry has rules of name resolution.'),
    ...otherTriggers(connection).map((setting) => lost(setting, 'no entry has triggers.')),
    connection.alwaysOn && lost('alwaysOn', 'only ProfileXML has it.'),
    connection.proxy !== undefined && lost('proxy', 'no entry has it.'),
    connection.deviceTunnel !== undefined && lost('deviceTunnel', 'only ProfileXML has it.'),
  ])
}

/** LockDown would be near it: it is of the device alone, one per machine, and takes the person's choice away for good. */
function enforced({ enforceRouting }: VpnConnection): Finding | false {
  return enforceRouting !== 'none' && lost('enforceRouting', 'Windows has nothing like it for a person.')
}

function triggerSettings(connection: VpnConnection): readonly string[] {
  const byName = connection.dns.rules.some(({ autoTrigger }) => autoTrigger)
  return [...(byName ? ['dns/rules'] : []), ...otherTriggers(connection)]
}

function otherTriggers({ triggerApplications, trustedNetworks }: VpnConnection): readonly string[] {
  return [
    ...(triggerApplications.length > 0 ? ['triggerApplications'] : []),
    ...(trustedNetworks.length > 0 ? ['trustedNetworks'] : []),
  ]
}

function present(findings: readonly (Finding | false)[]): readonly Finding[] {
  return findings.filter((one) => one !== false)
}
