import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Section } from '../guide.ts'
import { code, say } from '../phrase.ts'
import { gatewayShowsCertificate, insideName, usesCertificate } from './facts.ts'

/** Systems that say in words what went wrong with a VPN. */
export function vpnTrouble(
  { connection }: ProfileInput<VpnConnection>,
  ways: readonly TunnelType[],
): Section {
  const isCertificate = usesCertificate(connection.authentication)
  const checksGateway = ways.some((tunnel) => gatewayShowsCertificate(connection, tunnel))
  const hasKey = ways.includes('l2tp') && connection.l2tpMachineAuthentication === 'psk'
  const rows = [
    { seen: say('seenNoAnswer'), cure: say('cure809') },
    isCertificate
      ? { seen: say('seenNoCertificate'), cure: say('cure798') }
      : { seen: say('seenNotAuthenticated'), cure: say('cure691') },
    ...(checksGateway ? [{ seen: say('seenServerNotTrusted'), cure: say('cure13801') }] : []),
    ...(hasKey ? [{ seen: say('seenTunnelFails'), cure: say('cure789') }] : []),
    { seen: say('seenRefused'), cure: say('cure812') },
  ]
  return { title: say('errorsTitle'), blocks: [{ kind: 'cures', rows }] }
}

/** Status and address in the settings, DNS by a line where there is a window for it. */
export function vpnWorks(
  { connection }: ProfileInput<VpnConnection>,
  dnsCommand?: (name: string) => string,
): Section {
  const inside = insideName(connection)
  return {
    title: say('worksTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          { say: say('worksStatus') },
          ...(inside === undefined
            ? []
            : [
                dnsCommand === undefined
                  ? { say: say('worksInsidePage', { name: code(inside) }) }
                  : { say: say('worksDnsTerminal'), command: dnsCommand(inside) },
              ]),
        ],
      },
    ],
  }
}
