import type { ConnectionConfiguration, VpnConnection } from '../../config/schema.ts'
import type { Finding } from '../profile-output.ts'

interface Setting<Connection> {
  readonly isSet: (connection: Connection) => boolean
  readonly what: string
}

/** What a description may ask for and some client of Linux or Android has no word for. */
const VPN_SETTINGS = {
  'dns/servers': { isSet: ({ dns }) => dns.servers.length > 0, what: 'fixed DNS servers' },
  'dns/suffixes': { isSet: ({ dns }) => dns.suffixes.length > 0, what: 'DNS suffixes' },
  'dns/rules': { isSet: ({ dns }) => dns.rules.length > 0, what: 'DNS servers for single suffixes' },
  'dns/register': { isSet: ({ dns }) => dns.register, what: 'registration of its address in DNS' },
  trustedNetworks: { isSet: ({ trustedNetworks }) => trustedNetworks.length > 0, what: 'trusted networks' },
  triggerApplications: {
    isSet: ({ triggerApplications }) => triggerApplications.length > 0,
    what: 'programs that bring the tunnel up',
  },
  alwaysOn: { isSet: ({ alwaysOn }) => alwaysOn, what: 'a tunnel that comes up by itself' },
  enforceRouting: {
    isSet: ({ enforceRouting }) => enforceRouting !== 'none',
    what: 'routing that nothing else on the machine changes',
  },
  idleDisconnectMinutes: {
    isSet: ({ idleDisconnectMinutes }) => idleDisconnectMinutes > 0,
    what: 'an end of the idle tunnel',
  },
  useLogonCredentials: {
    isSet: ({ useLogonCredentials }) => useLogonCredentials,
    what: 'name and password of the sign-in',
  },
  deviceTunnel: { isSet: ({ deviceTunnel }) => deviceTunnel !== undefined, what: 'a tunnel of the machine' },
  proxy: { isSet: ({ proxy }) => proxy !== undefined, what: 'a web proxy' },
  mtu: { isSet: ({ mtu }) => mtu !== undefined, what: 'the largest packet' },
  metric: { isSet: ({ routes }) => routes.some(({ metric }) => metric !== undefined), what: 'metrics' },
  exclude: { isSet: ({ routes }) => routes.some(({ exclude }) => exclude), what: 'networks left out' },
  allUsers: { isSet: ({ allUsers }) => allUsers, what: 'a connection for every user' },
} as const satisfies Record<string, Setting<VpnConnection>>

export type VpnSetting = keyof typeof VPN_SETTINGS

/** A warning for each of these that is set. @param client its name, as the sentence begins */
export function lostSettings(
  client: string,
  connection: VpnConnection,
  settings: readonly VpnSetting[],
): readonly Finding[] {
  return settings
    .filter((setting) => VPN_SETTINGS[setting].isSet(connection))
    .map((setting) => ({
      severity: 'warning',
      code: 'setting-not-carried',
      message: `${client} has no setting for ${VPN_SETTINGS[setting].what}.`,
      setting: setting === 'metric' || setting === 'exclude' ? `routes/${setting}` : setting,
    }))
}

/** Settings of Windows and macOS that a port of Linux knows nothing of. */
export function lostPortSettings(client: string, connection: ConnectionConfiguration): readonly Finding[] {
  if (connection.kind === 'vpn') return []
  const lost: Finding[] = []
  const warn = (setting: string, what: string): void => {
    const message = `${client} has no setting for ${what}.`
    lost.push({ severity: 'warning', code: 'setting-not-carried', message, setting })
  }
  if (connection.identity !== 'user') warn('identity', 'a login of the machine until somebody signs in')
  if (connection.singleSignOn) warn('singleSignOn', 'name and password of the sign-in')
  return lost
}
