import type { GatewayInput } from '../../gateway-input.ts'
import { interimMinutes } from '../device-text.ts'
import { nasIdentifierOf } from '../read-me.ts'

/** AAA of IOS and IOS XE: the servers in their order, accounting, CoA. */
export function iosRadiusLines(input: GatewayInput): readonly string[] {
  const { gateway, secret, dynamicAuthorization } = input
  const { radiusServers, authenticationPort, accountingPort, timeoutSeconds } = gateway
  return [
    'aaa new-model',
    'aaa session-id common',
    ...radiusServers.flatMap((address, index) => [
      `radius server ${serverName(index)}`,
      ` address ${address.includes(':') ? 'ipv6' : 'ipv4'} ${address} auth-port ${String(authenticationPort)} acct-port ${String(accountingPort)}`,
      ` timeout ${String(timeoutSeconds)}`,
      ' retransmit 2',
      ` key 0 ${secret}`,
    ]),
    'aaa group server radius SALLYPORT',
    ...radiusServers.map((_, index) => ` server name ${serverName(index)}`),
    ...(gateway.inside.interface === undefined
      ? []
      : [` ip radius source-interface ${gateway.inside.interface}`]),
    ' deadtime 5',
    'radius-server dead-criteria time 10 tries 3',
    'radius-server attribute 6 on-for-login-auth',
    'radius-server attribute 8 include-in-access-req',
    'radius-server attribute 25 access-request include',
    `radius-server attribute 32 include-in-access-req format ${nasIdentifierOf(gateway)}`,
    'radius-server vsa send authentication',
    'radius-server vsa send accounting',
    `aaa accounting update newinfo periodic ${interimMinutes(input)}`,
    ...(dynamicAuthorization === undefined
      ? []
      : [
          'aaa server radius dynamic-author',
          ...radiusServers.map((address) => ` client ${address} server-key 0 ${dynamicAuthorization.secret}`),
          ` port ${String(dynamicAuthorization.port)}`,
          ' auth-type any',
        ]),
  ]
}

const serverName = (index: number): string => `SALLYPORT-${String(index + 1)}`
