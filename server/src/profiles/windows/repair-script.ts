import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { deviceTunnelName, shownName } from './connection-names.ts'
import { cspName } from './csp-name.ts'
import { powershellText, powershellTexts } from './powershell-text.ts'
import { FINISH, NEEDS_ELEVATION, PRELUDE } from './script-prelude.ts'
import { scriptHeader } from './set-up-script.ts'

/** What Always On VPN leaves behind, and what keeps it from coming up by itself again. */
export function repairScript(input: ProfileInput<VpnConnection>): readonly string[] {
  const { connection } = input
  const names = [
    shownName(connection),
    ...(connection.deviceTunnel === undefined ? [] : [deviceTunnelName(connection)]),
  ]
  return [
    ...scriptHeader(input, 'repairs Always On VPN'),
    'param([switch] $Leftovers)',
    ...PRELUDE,
    ...NEEDS_ELEVATION,
    `$names = ${powershellTexts(names)}`,
    ...ENABLE_TRIGGER,
    '# With -Leftovers, after the profile was removed: what is in the way of a profile of the same name.',
    'if ($Leftovers) {',
    ...LEFTOVERS,
    `  $escaped = ${powershellTexts(names.map(cspName))}`,
    ...TRACKED,
    ...(connection.deviceTunnel === undefined
      ? []
      : [`  $deviceName = ${powershellText(deviceTunnelName(connection))}`, ...DEVICE]),
    '}',
    ...FINISH,
  ]
}

/** Who disconnects Always On by hand lands on this list, and it stays off for good. */
const ENABLE_TRIGGER: readonly string[] = [
  "$config = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\Config'",
  "$list = 'AutoTriggerDisabledProfilesList'",
  '$values = Get-ItemProperty -LiteralPath $config',
  'if ($values.PSObject.Properties.Name -contains $list) {',
  '  $before = @($values.$list)',
  '  $after = @($before | Where-Object { $names -notcontains $_ })',
  '  if ($after.Count -ne $before.Count) {',
  '    Set-ItemProperty -LiteralPath $config -Name $list -Type MultiString -Value ([string[]] $after)',
  "    Write-Step 'It comes up by itself again.'",
  '  }',
  '}',
]

const LEFTOVERS: readonly string[] = [
  "  $networks = 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\NetworkList\\Profiles'",
  '  foreach ($key in Get-ChildItem -LiteralPath $networks) {',
  "    if ($names -contains $key.GetValue('ProfileName')) { Remove-Item -LiteralPath $key.PSPath -Recurse; Write-Step 'Removed a network of the name.' }",
  '  }',
]

const TRACKED: readonly string[] = [
  "  $tracked = 'HKLM:\\SOFTWARE\\Microsoft\\EnterpriseResourceManager\\Tracked'",
  '  if (Test-Path -LiteralPath $tracked) {',
  '    foreach ($key in Get-ChildItem -LiteralPath $tracked -Recurse) {',
  '      foreach ($value in $key.GetValueNames()) {',
  '        $text = [string] $key.GetValue($value)',
  "        foreach ($name in $escaped) { if ($text.EndsWith('/VPNv2/' + $name)) { Remove-ItemProperty -LiteralPath $key.PSPath -Name $value; Write-Step ('No longer tracked: ' + $text) } }",
  '      }',
  '    }',
  '  }',
]

const DEVICE: readonly string[] = [
  "  $device = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\DeviceTunnel'",
  '  if (Test-Path -LiteralPath $device) {',
  '    foreach ($key in Get-ChildItem -LiteralPath $device) {',
  "      if ($key.PSChildName -eq $deviceName) { Remove-Item -LiteralPath $key.PSPath -Recurse; Write-Step 'Removed the device tunnel that was left.' }",
  '    }',
  '  }',
]
