import type { GatewayInput } from '../gateway-input.ts'
import type { Finding } from '../profile-output.ts'
import { isIpv4Prefix } from './device-text.ts'
import { tunnelTypes, vpnInputs } from './vpn-connections.ts'

/** A place that has to be filled in before the settings of a device can be written. */
export function wanted(
  input: GatewayInput,
  setting: 'outside/interface' | 'outside/address' | 'inside/interface' | 'inside/address' | 'addressPool',
  why: string,
): readonly Finding[] {
  const { gateway } = input
  const [card = '', field = ''] = setting.split('/')
  const value =
    setting === 'addressPool'
      ? gateway.addressPool
      : gateway[card as 'outside' | 'inside'][field as 'interface' | 'address'] // the type of `setting` says so
  if (value !== undefined) return []
  return [
    {
      ...{ severity: 'obstacle', code: 'setting-missing', setting: `gateways/${gateway.name}/${setting}` },
      message: why,
    },
  ]
}

/** Devices whose lines are written with masks: IPv4 alone. */
export function ipv4Alone(input: GatewayInput): readonly Finding[] {
  const { name, addressPool } = input.gateway
  const routes = vpnInputs(input).flatMap(({ connection }) => connection.routes.map(({ prefix }) => prefix))
  const findings: Finding[] = []
  if (addressPool !== undefined && !isIpv4Prefix(addressPool)) {
    findings.push({
      ...{ severity: 'obstacle', code: 'ipv4-alone', setting: `gateways/${name}/addressPool` },
      message: 'The settings of this device are written for IPv4: give an IPv4 network.',
    })
  }
  if (routes.some((route) => !isIpv4Prefix(route))) {
    findings.push({
      ...{ severity: 'warning', code: 'ipv4-alone', setting: 'routes' },
      message: 'The settings of this device are written for IPv4: routes of IPv6 are left out.',
    })
  }
  return findings
}

export function noCoa(input: GatewayInput, title: string): readonly Finding[] {
  if (input.dynamicAuthorization === undefined) return []
  return [
    {
      ...{
        severity: 'warning',
        code: 'no-coa',
        setting: `clients/${input.client.name}/dynamicAuthorization`,
      },
      message: `${title} takes no CoA or Disconnect: whoever is revoked stays connected until the session ends. Keep sessions short (sessionTimeoutSeconds).`,
    },
  ]
}

/** PPP of a device that checks MS-CHAPv2 alone. */
export function pppByPasswordAlone(input: GatewayInput, title: string): readonly Finding[] {
  const types = tunnelTypes(input)
  if (!types.has('sstp') && !types.has('l2tp') && !types.has('pptp')) return []
  return vpnInputs(input)
    .filter(({ connection }) => connection.authentication !== 'mschapv2')
    .map(({ connection: { name, authentication } }) => ({
      ...{ severity: 'warning' as const, code: 'ppp-without-eap' },
      message: `${title} takes no EAP in SSTP, L2TP and PPTP: "${name}" asks for ${authentication}, so only IKEv2 will work. Use mschapv2 for those.`,
      setting: `connections/${name}/authentication`,
    }))
}

/** Written from documentation or memory: nobody tried it. */
export function notTried(title: string): Finding {
  return {
    ...{ severity: 'warning', code: 'not-tried' },
    message: `The settings of ${title} are written from documentation and were not tried on a device: read them before you put them in.`,
  }
}
