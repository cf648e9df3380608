import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { powershellText } from '../../windows/powershell-text.ts'
import { cmdletSuite } from '../../windows/suites.ts'
import type { Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { titleOf } from '../parts/facts.ts'
import { say, ui } from '../phrase.ts'

/** What no window of Windows 8.1 to 11 can set: the suites of IPsec, and routes. One line each. */
export function powershellSteps(
  input: ProfileInput<VpnConnection>,
  tunnel: TunnelType,
  allUsers: boolean,
): readonly Step[] {
  const { connection } = input
  const scope = allUsers ? ' -AllUserConnection' : ''
  const name = powershellText(titleOf(input))
  const lines: string[] = []
  if (tunnel === 'ikev2' || tunnel === 'l2tp') {
    const suite = cmdletSuite(connection.cryptography)
    lines.push(
      [
        `Set-VpnConnectionIPsecConfiguration -ConnectionName ${name}${scope}`,
        `-AuthenticationTransformConstants ${suite.authenticationTransform}`,
        `-CipherTransformConstants ${suite.cipherTransform}`,
        `-EncryptionMethod ${suite.encryption} -IntegrityCheckMethod ${suite.integrity}`,
        `-DHGroup ${suite.dhGroup} -PfsGroup ${suite.pfsGroup} -Force`,
      ].join(' '),
    )
  }
  if (connection.routing === 'split') {
    lines.push(`Set-VpnConnection -Name ${name}${scope} -SplitTunneling $true -Force`)
    for (const { prefix, exclude } of connection.routes) {
      if (!exclude)
        lines.push(
          `Add-VpnConnectionRoute -ConnectionName ${name}${scope} -DestinationPrefix ${powershellText(prefix)}`,
        )
    }
  }
  return lines.map((command, index) => ({
    say:
      index > 0
        ? say('runNext')
        : allUsers
          ? say('runAsAdministrator', { program: ui(W.powershell) })
          : say('runIn', { program: ui(W.powershell) }),
    command,
  }))
}
