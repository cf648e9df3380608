import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { windowsTunnels } from './connection-names.ts'
import { powershellText } from './powershell-text.ts'
import { FINISH, NEEDS_ELEVATION, PRELUDE } from './script-prelude.ts'
import { scriptHeader } from './set-up-script.ts'
import { sharedKeyOf } from './shared-key.ts'

/**
 * Makes the personal connection one of all users, so that the sign-in screen has it: its entry goes over as it is, with
 * CustomAuthData, which only Windows can make. The shared key of L2TP is not in the phone book and is set anew. Consent to
 * elevate may come as another account, so the phone book is a parameter.
 */
export function toAllUsersScript(input: ProfileInput<VpnConnection>): readonly string[] {
  const { connection } = input
  return [
    ...scriptHeader(input, 'makes a connection of all users out of the personal one'),
    "param([string] $PhoneBook = (Join-Path $env:APPDATA 'Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk'))",
    ...PRELUDE,
    ...NEEDS_ELEVATION,
    ...MOVE_ENTRY,
    ...windowsTunnels(connection).flatMap(({ name, type }) => [
      `Move-Entry ${powershellText(name)}`,
      ...setSharedKey(name, sharedKeyOf(connection, type)),
    ]),
    ...FINISH,
  ]
}

function setSharedKey(name: string, key: string | undefined): readonly string[] {
  if (key === undefined) return []
  return [
    `Set-VpnConnection -Name ${powershellText(name)} -AllUserConnection -L2tpPsk ${powershellText(key)} -Force`,
  ]
}

export const MOVE_ENTRY: readonly string[] = [
  "$machineBook = Join-Path $env:ProgramData 'Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk'",
  'function Split-PhoneBook([string] $Book, [string] $Name) {',
  '  $entry = New-Object Collections.Generic.List[string]',
  '  $others = New-Object Collections.Generic.List[string]',
  '  $inside = $false',
  '  if (Test-Path -LiteralPath $Book) {',
  '    foreach ($line in [IO.File]::ReadAllLines($Book)) {',
  "      if ($line.StartsWith('[') -and $line.EndsWith(']')) { $inside = $line -ceq ('[' + $Name + ']') }",
  '      if ($inside) { $entry.Add($line) } else { $others.Add($line) }',
  '    }',
  '  }',
  '  @{ Entry = $entry; Others = $others }',
  '}',
  'function Move-Entry([string] $Name) {',
  '  $mine = Split-PhoneBook $PhoneBook $Name',
  '  $machine = Split-PhoneBook $machineBook $Name',
  '  if ($mine.Entry.Count -eq 0) {',
  "    if ($machine.Entry.Count -eq 0) { throw ('There is no connection ' + $Name + ' in ' + $PhoneBook) }",
  "    Write-Step ($Name + ' is of all users already.')",
  '    return',
  '  }',
  '  $null = New-Item -ItemType Directory -Force -Path (Split-Path -Parent $machineBook)',
  "  if (Test-Path -LiteralPath $machineBook) { Copy-Item -LiteralPath $machineBook -Destination ($machineBook + '.before') -Force }",
  '  [IO.File]::WriteAllLines($machineBook, [string[]] (@($machine.Others) + @($mine.Entry)))',
  '  [IO.File]::WriteAllLines($PhoneBook, [string[]] @($mine.Others))',
  "  Write-Step ($Name + ' is of all users now.')",
  '}',
]
