import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import { assertGolden, type Field } from '../../testing/golden.ts'
import { AS_SYSTEM, alwaysOnScript, BRIDGE, DEVICE_CHECKS, SIGNED_IN } from '../always-on-script.ts'
import { cmdSetUp } from '../cmd-set-up.ts'
import { removeScript } from '../remove-script.ts'
import { repairScript } from '../repair-script.ts'
import {
  FIND_CERTIFICATE,
  FINISH,
  INSTALL_AUTHORITY,
  INVOKE_ELEVATED,
  PRELUDE,
  REMOVE_CONNECTION,
  SET_PHONE_BOOK,
} from '../script-prelude.ts'
import { setUpScript } from '../set-up-script.ts'
import { MOVE_ENTRY, toAllUsersScript } from '../to-all-users-script.ts'
import { anyVpn } from './any-connection.ts'
import { FULL_TUNNEL, OWN_CERTIFICATE, SPLIT_TUNNEL } from './golden-inputs.ts'
import { powershellTokens } from './powershell-tokens.ts'

const golden = (name: string): URL => new URL(`golden/${name}.golden`, import.meta.url)
const person = { certificate: OWN_CERTIFICATE }
const device = { deviceTunnel: { routes: ['10.0.0.10/32'] } }

/** The steps of a script: without the functions it must have, the inside of here-strings and base64. */
function steps(script: readonly string[], functions: readonly (readonly string[])[]): readonly Field[] {
  const lines = [...script]
  for (const block of [PRELUDE, ...functions, FINISH]) {
    const at = lines.findIndex((_, index) => block.every((line, offset) => lines[index + offset] === line))
    assert.ok(at >= 0, `not there: ${block[0] ?? ''}`)
    lines.splice(at, block.length)
  }
  return lines
    .join('\n')
    .replaceAll(/@'\n[\s\S]*?\n'@/g, "@'...'@")
    .split('\n')
    .filter((line) => !/^\s*'[A-Za-z0-9+/]+={0,2}'( \+)?$/.test(line))
    .map((line): Field => ['', line])
}

describe('golden scripts of Windows', () => {
  const TRUST = [INVOKE_ELEVATED, INSTALL_AUTHORITY]
  const VPN = [...TRUST, REMOVE_CONNECTION, SET_PHONE_BOOK]

  it('ok/for-a-person', () => {
    const script = setUpScript(exampleVpn(SPLIT_TUNNEL, person), 'person')
    assertGolden(steps(script, VPN), golden('script-person'))
  })

  it('ok/for-all-users', () => {
    const script = setUpScript(exampleVpn(FULL_TUNNEL), 'all-users')
    assertGolden(steps(script, VPN), golden('script-all-users'))
  })

  it('ok/to-all-users', () => {
    const script = toAllUsersScript(exampleVpn(FULL_TUNNEL))
    assertGolden(steps(script, [MOVE_ENTRY]), golden('script-to-all-users'))
  })

  it('ok/always-on', () => {
    const script = alwaysOnScript(exampleVpn({ ...SPLIT_TUNNEL, ...device }))
    const functions = [...TRUST, BRIDGE, DEVICE_CHECKS, AS_SYSTEM, SIGNED_IN]
    assertGolden(steps(script, functions), golden('script-always-on'))
  })

  it('ok/wifi', () => {
    const script = setUpScript(exampleWifi({ identity: 'both' }), 'person')
    assertGolden(steps(script, TRUST), golden('script-wifi'))
  })

  it('ok/remove', () => {
    const script = removeScript(exampleVpn({ ...SPLIT_TUNNEL, ...device }))
    assertGolden(
      steps(script, [FIND_CERTIFICATE, REMOVE_CONNECTION, BRIDGE, SIGNED_IN]),
      golden('script-remove'),
    )
  })

  it('ok/repair', () => assertGolden(steps(repairScript(exampleVpn(device)), []), golden('script-repair')))

  it('ok/batch-part-of-the-set-up', () => {
    const lines = cmdSetUp(['exit 0'], true).split('\r\n')
    assertGolden(
      lines.slice(0, -2).map((line): Field => ['', line]),
      golden('setup-batch'),
    )
    assert.deepEqual(lines.slice(-2), ['exit 0', ''])
    assert.ok(!cmdSetUp([], false).includes('RunAs'))
  })

  it('ok/every-command-with-its-parameters', () => {
    const inputs = fc.sample(anyVpn, { seed: 11, numRuns: 60 })
    const enrolment = {
      policyUrl: 'https://ca.example.org/',
      template: 'User',
      authentication: 'password',
    } as const
    const scripts = [
      ...inputs.flatMap((input) => [
        setUpScript(input, 'person'),
        setUpScript(input, 'all-users'),
        toAllUsersScript(input),
        alwaysOnScript(input),
        repairScript(input),
        removeScript(input),
      ]),
      setUpScript(exampleVpn({}, person), 'person'),
      setUpScript(
        exampleVpn({}, { certificate: { kind: 'installed', windowsEnrolment: enrolment } }),
        'person',
      ),
      ...[exampleWifi(), exampleWired()].flatMap((input) => [
        setUpScript(input, 'person'),
        removeScript(input),
      ]),
    ]
    const commands = new Map<string, Set<string>>()
    for (const script of scripts) {
      for (const [command, parameters] of commandsOf(script)) {
        const known = commands.get(command) ?? new Set()
        for (const parameter of parameters) known.add(parameter)
        commands.set(command, known)
      }
    }
    const order = new Intl.Collator('en').compare
    const fields = [...commands]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([command, parameters]): Field => [command, [...parameters].sort(order).join(' ')])
    assertGolden(fields, golden('functions'))
  })
})

/** Functions of the scripts themselves, and words that only look like commands. */
const OWN =
  /^(Write-Step|Install-Authority|Invoke-Elevated|Invoke-AsSystem|Remove-Connection|Set-PhoneBook|Split-PhoneBook|Move-Entry|Find-Certificate|Get-BridgeContext|Remove-Profile|Publish-Profile)$/

/** Words of the form Verb-Noun or name.exe with the parameters behind them, up to the end of the command. */
function commandsOf(script: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const found: (readonly [string, string[]])[] = []
  const open: (readonly [string, string[]] | undefined)[] = [undefined]
  for (const { kind, text } of powershellTokens(script.join('\r\n'))) {
    if (kind === 'word' && (/^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+$/.test(text) || text.endsWith('.exe'))) {
      const command = [text, [] as string[]] as const
      if (!OWN.test(text)) found.push(command)
      open[open.length - 1] = command
    } else if (kind === 'newline' || text === ';' || text === '|') open[open.length - 1] = undefined
    else if (/^[@$]?[({[]$/.test(text)) open.push(undefined)
    else if (/^[)}\]]$/.test(text)) open.pop()
    else if (/^-[A-Z]\w+:?$/.test(text) || (kind === 'variable' && text.startsWith('@')))
      open.at(-1)?.[1].push(text.replace(/:$/, ''))
  }
  return found
}
