import type {
  ConnectionConfiguration,
  VpnConnection,
  WifiConnection,
  WiredConnection,
} from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { XmlNode } from '../xml-text.ts'
import { shownName } from './connection-names.ts'
import { connectionSteps, type Scope } from './connection-steps.ts'
import { lanProfile, wlanProfile } from './dot1x-xml.ts'
import { powershellComment, powershellText, powershellXml } from './powershell-text.ts'
import { assigned, certificateParameters, certificateSteps, trustSteps } from './script-certificates.ts'
import { FINISH, NEEDS_ELEVATION, PRELUDE, REMOVE_CONNECTION, SET_PHONE_BOOK } from './script-prelude.ts'

/** The lines of the script that sets a connection up, for the person who runs it or for everybody on the machine. */
export function setUpScript(input: ProfileInput, scope: Scope): readonly string[] {
  return [
    ...scriptHeader(
      input,
      scope === 'person' ? 'sets up for the person who runs it' : 'sets up for all users',
    ),
    ...certificateParameters(input),
    ...PRELUDE,
    ...(needsElevation(input.connection, scope) ? NEEDS_ELEVATION : []),
    ...trustSteps(input),
    ...certificateSteps(input),
    ...connect(input, scope),
    ...FINISH,
  ]
}

/** `verb`: what a script does with the connection; it ends the sentence with its name. */
export function scriptHeader({ connection, organization }: ProfileInput, verb: string): readonly string[] {
  return [
    '#Requires -Version 5.1',
    powershellComment(`This script ${verb}`, shownName(connection)),
    powershellComment('From', organization.name),
    '# Run it again at any time: it puts back what it made before. Ends with 0 done, 1 failed, 2 needs an administrator,',
    '# 3 not on this Windows, 3010 done but for a restart.',
  ]
}

/** What is of the machine: all users, wired networks, and Wi-Fi that a machine joins. */
export function needsElevation(connection: ConnectionConfiguration, scope: Scope): boolean {
  if (connection.kind === 'wired') return true
  return connection.kind === 'wifi' ? connection.identity !== 'user' : scope === 'all-users'
}

function connect(input: ProfileInput, scope: Scope): readonly string[] {
  switch (input.connection.kind) {
    case 'vpn':
      return [
        ...REMOVE_CONNECTION,
        ...SET_PHONE_BOOK,
        ...connectionSteps(input as ProfileInput<VpnConnection>, scope), // kind is vpn
      ]
    case 'wifi':
      return wifiSteps(input as ProfileInput<WifiConnection>) // kind is wifi
    case 'wired':
      return wiredSteps(input as ProfileInput<WiredConnection>) // kind is wired
  }
}

function wifiSteps(input: ProfileInput<WifiConnection>): readonly string[] {
  const who = input.connection.identity === 'user' ? 'current' : 'all'
  return [
    ...profileFile(wlanProfile(input)),
    `  & netsh.exe wlan add profile ('filename=' + $file) user=${who} | Out-Null`,
    "  if ($LASTEXITCODE -ne 0) { throw ('netsh wlan ended with ' + $LASTEXITCODE) }",
    `  Write-Step ('Wi-Fi ' + ${powershellText(input.connection.ssid)} + ' is there.')`,
    ...END_OF_FILE,
  ]
}

function wiredSteps(input: ProfileInput<WiredConnection>): readonly string[] {
  return [
    // Wired AutoConfig; it is off unless somebody wants 802.1X.
    'Set-Service -Name dot3svc -StartupType Automatic',
    'Start-Service -Name dot3svc',
    ...profileFile(lanProfile(input)),
    "  & netsh.exe lan add profile ('filename=' + $file) 'interface=*' | Out-Null",
    "  if ($LASTEXITCODE -ne 0) { throw ('netsh lan ended with ' + $LASTEXITCODE) }",
    "  Write-Step 'All wired cards use 802.1X.'",
    ...END_OF_FILE,
  ]
}

function profileFile(profile: XmlNode): readonly string[] {
  return [
    ...assigned('$profileXml', powershellXml(profile)),
    "$file = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName() + '.xml')",
    'try {',
    '  [IO.File]::WriteAllText($file, $profileXml)',
  ]
}

const END_OF_FILE: readonly string[] = ['}', 'finally { Remove-Item -LiteralPath $file -Force }']
