import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { deviceTunnelName, shownName } from './connection-names.ts'
import { cspName } from './csp-name.ts'
import { powershellText, powershellXml } from './powershell-text.ts'
import { deviceProfileXml, userProfileXml } from './profile-xml.ts'
import { assigned, trustSteps } from './script-certificates.ts'
import { FINISH, NEEDS_ELEVATION, PRELUDE } from './script-prelude.ts'
import { scriptHeader } from './set-up-script.ts'

/** Puts ProfileXML into Windows through the bridge from WMI to MDM, as a management server would. */
export function alwaysOnScript(input: ProfileInput<VpnConnection>): readonly string[] {
  const { connection } = input
  const device = deviceProfileXml(input)
  return [
    ...scriptHeader(input, 'deploys Always On VPN for who is signed in'),
    ...(device === undefined
      ? ['param([string] $UserSid)']
      : ['param([string] $UserSid, [switch] $DeviceTunnelOnly)']),
    ...PRELUDE,
    ...NEEDS_ELEVATION,
    ...trustSteps(input),
    ...BRIDGE,
    ...(device === undefined
      ? []
      : [
          ...assigned('$deviceXml', powershellXml(device)),
          ...DEVICE_CHECKS,
          ...AS_SYSTEM,
          'if ($isSystem) {',
          `  Publish-Profile ${powershellText(cspName(deviceTunnelName(connection)))} $deviceXml ''`,
          '}',
          'else { Invoke-AsSystem }',
          "if ($DeviceTunnelOnly) { Write-Host 'Done.'; exit 0 }",
        ]),
    ...assigned('$userXml', powershellXml(userProfileXml(input))),
    ...SIGNED_IN,
    `Publish-Profile ${powershellText(cspName(shownName(connection)))} $userXml $UserSid`,
    ...FINISH,
  ]
}

/** Namespace, class and keys of the bridge; a context of the person puts the profile under ./User of that SID. */
export const BRIDGE: readonly string[] = [
  "$namespace = 'root\\cimv2\\mdm\\dmmap'",
  "$class = 'MDM_VPNv2_01'",
  '$session = New-CimSession',
  'function Get-BridgeContext([string] $Sid) {',
  '  $options = New-Object Microsoft.Management.Infrastructure.Options.CimOperationOptions',
  "  if ($Sid -ne '') {",
  "    $options.SetCustomOption('PolicyPlatformContext_PrincipalContext_Type', 'PolicyPlatform_UserContext', $false)",
  "    $options.SetCustomOption('PolicyPlatformContext_PrincipalContext_Id', $Sid, $false)",
  '  }',
  '  $options',
  '}',
  'function Remove-Profile([string] $InstanceId, [string] $Sid) {',
  '  $options = Get-BridgeContext $Sid',
  '  foreach ($old in @($session.EnumerateInstances($namespace, $class, $options))) {',
  '    if ($old.InstanceID -ne $InstanceId) { continue }',
  '    $session.DeleteInstance($namespace, $old, $options)',
  "    Write-Step ('Removed the former profile ' + $InstanceId + '.')",
  '  }',
  '}',
  'function Publish-Profile([string] $InstanceId, [string] $ProfileXml, [string] $Sid) {',
  '  Remove-Profile $InstanceId $Sid',
  '  $instance = New-Object Microsoft.Management.Infrastructure.CimInstance -ArgumentList $class, $namespace',
  '  $values = @(',
  "    @('ParentID', './Vendor/MSFT/VPNv2', 'Key'),",
  "    @('InstanceID', $InstanceId, 'Key'),",
  "    @('ProfileXML', [Security.SecurityElement]::Escape($ProfileXml), 'Property')",
  '  )',
  '  foreach ($value in $values) {',
  "    $property = [Microsoft.Management.Infrastructure.CimProperty]::Create($value[0], $value[1], 'String', $value[2])",
  '    $instance.CimInstanceProperties.Add($property)',
  '  }',
  '  $null = $session.CreateInstance($namespace, $instance, (Get-BridgeContext $Sid))',
  "  Write-Step ('Profile ' + $InstanceId + ' is there.')",
  '}',
]

export const DEVICE_CHECKS: readonly string[] = [
  "$edition = (Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').EditionID",
  "if ($edition -notmatch 'Enterprise|Education') { Write-Host ('No device tunnel on Windows ' + $edition + '.'); exit 3 }",
  "if (-not (Get-CimInstance -ClassName Win32_ComputerSystem).PartOfDomain) { Write-Host 'No device tunnel outside a domain.'; exit 3 }",
]

/** A profile of the device must be made by the system itself. The copy lies where only administrators write. */
export const AS_SYSTEM: readonly string[] = [
  "$isSystem = $identity.User.Value -eq 'S-1-5-18'",
  'function Invoke-AsSystem {',
  "  $task = 'Sallyport device tunnel'",
  "  $copy = Join-Path $env:SystemRoot 'System32\\config\\systemprofile\\sallyport-device-tunnel.ps1'",
  '  Copy-Item -LiteralPath $PSCommandPath -Destination $copy -Force',
  '  try {',
  "    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument ('-NoProfile -ExecutionPolicy Bypass -File \"' + $copy + '\" -DeviceTunnelOnly')",
  "    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest",
  '    $null = Register-ScheduledTask -TaskName $task -Action $action -Principal $principal -Force',
  '    Start-ScheduledTask -TaskName $task',
  '    for ($second = 0; $second -lt 120; $second++) {',
  '      Start-Sleep -Seconds 1',
  "      if ((Get-ScheduledTask -TaskName $task).State -ne 'Running') { break }",
  '    }',
  '    $code = (Get-ScheduledTaskInfo -TaskName $task).LastTaskResult',
  "    if ($code -ne 0) { throw ('The device tunnel was not made: ' + $code) }",
  "    Write-Step 'The device tunnel is there.'",
  '  }',
  '  finally {',
  '    Unregister-ScheduledTask -TaskName $task -Confirm:$false -ErrorAction SilentlyContinue',
  '    Remove-Item -LiteralPath $copy -Force -ErrorAction SilentlyContinue',
  '  }',
  '}',
]

/** Whoever sits at the machine, who is not who consents to elevate. */
export const SIGNED_IN: readonly string[] = [
  "if ($UserSid -eq '') {",
  '  $account = (Get-CimInstance -ClassName Win32_ComputerSystem).UserName',
  "  if ([string]::IsNullOrEmpty($account)) { throw 'Nobody is signed in: give -UserSid.' }",
  '  $UserSid = (New-Object Security.Principal.NTAccount -ArgumentList $account).Translate([Security.Principal.SecurityIdentifier]).Value',
  '}',
]
