import type { ConnectionConfiguration, VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { BRIDGE, SIGNED_IN } from './always-on-script.ts'
import { deviceTunnelName, shownName, windowsTunnels } from './connection-names.ts'
import { ruleComment } from './connection-triggers.ts'
import { cspName } from './csp-name.ts'
import { powershellText } from './powershell-text.ts'
import { ownIssuers } from './script-certificates.ts'
import { FIND_CERTIFICATE, FINISH, PRELUDE, REMOVE_CONNECTION } from './script-prelude.ts'
import { scriptHeader } from './set-up-script.ts'

/**
 * Takes away what the scripts made, as far as the rights go. Authorities stay, others may rest on them; certificates of the
 * own CA go where that is asked for.
 */
export function removeScript(input: ProfileInput): readonly string[] {
  return [
    ...scriptHeader(input, 'removes'),
    'param([string] $UserSid, [switch] $Certificate)',
    ...PRELUDE,
    ...FIND_CERTIFICATE,
    // Before what ends the script where it has not the rights.
    'if ($Certificate) {',
    `  while ($null -ne ($mine = Find-Certificate 'Cert:\\CurrentUser\\My' ${ownIssuers(input)})) {`,
    '    Remove-Item -LiteralPath $mine.PSPath -DeleteKey',
    "    Write-Step ('Removed certificate ' + $mine.Thumbprint + ' and its key.')",
    '  }',
    '}',
    ...removed(input.connection),
    ...FINISH,
  ]
}

function removed(connection: ConnectionConfiguration): readonly string[] {
  switch (connection.kind) {
    case 'vpn':
      return vpn(connection)
    case 'wifi':
      return [
        `& netsh.exe wlan delete profile ('name=' + ${powershellText(shownName(connection))}) | Out-Null`,
        "Write-Step 'Removed the Wi-Fi, where it was there.'",
      ]
    case 'wired':
      return [
        "if (-not $elevated) { Write-Host 'Start this as administrator.'; exit 2 }",
        "& netsh.exe lan delete profile 'interface=*' | Out-Null",
        "Write-Step 'Wired cards have no profile of 802.1X any more.'",
      ]
  }
}

function vpn(connection: VpnConnection): readonly string[] {
  const names = windowsTunnels(connection).map(({ name }) => powershellText(name))
  return [
    ...REMOVE_CONNECTION,
    ...names.map((name) => `Remove-Connection ${name} $false`),
    "if (-not $elevated) { Write-Step 'Left where it is: what is of all users needs an administrator.'; exit 0 }",
    ...names.map((name) => `Remove-Connection ${name} $true`),
    `Get-DnsClientNrptRule | Where-Object { $_.Comment -eq ${powershellText(ruleComment(connection.name))} } | Remove-DnsClientNrptRule -Force`,
    ...BRIDGE,
    ...SIGNED_IN,
    `Remove-Profile ${powershellText(cspName(shownName(connection)))} $UserSid`,
    // The device tunnel is the system's own; run as SYSTEM it goes too.
    ...(connection.deviceTunnel === undefined
      ? []
      : [
          `if ($identity.User.Value -eq 'S-1-5-18') { Remove-Profile ${powershellText(cspName(deviceTunnelName(connection)))} '' }`,
        ]),
  ]
}
