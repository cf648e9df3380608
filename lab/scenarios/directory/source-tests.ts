/** `sallyport test directory` against the domain controller: what it says of a source that works, and of each fault. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { COMMON_PASSWORD } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import type { Source } from './configuration.ts'
import type { DirectoryHouse } from './house.ts'

type Case = LabCase<DirectoryHouse>

interface Report {
  readonly passed: boolean
  readonly steps: readonly {
    readonly step: string
    readonly outcome: string
    readonly detail: string
    readonly cure?: string
  }[]
}

/** Lines of what was said: `failed tls: ... -> cure`. */
async function tested(
  house: DirectoryHouse,
  source: string,
  question: object = {},
): Promise<readonly string[]> {
  const { steps } = await house.server.api.send<Report>('POST', `/sources/${source}/test`, question)
  return steps.map(({ step, outcome, detail, cure = '' }) => `${outcome} ${step}: ${detail} -> ${cure}`)
}

function failedOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith('failed'))
}

const WORKS: Case = {
  name: 'test directory: every step of Active Directory, over LDAPS and StartTLS, and by the command',
  async run(house) {
    for (const source of ['domain', 'ad-starttls']) {
      const lines = await tested(house, source, { user: 'alice', password: COMMON_PASSWORD })
      assert.deepEqual(failedOf(lines), [], lines.join('\n'))
      const text = lines.join('\n')
      assert.match(text, /ok tls: .*issued by .*CN=Lab Directory CA/)
      assert.match(text, /ok rights: /)
      assert.match(text, /ok password: right/)
      assert.match(text, /ok account: nothing stands against it.* wrong passwords until it locks/)
      assert.match(text, /ok groups: .*VPN Nested/)
    }
    const { code, output } = await house.server.cli('test', 'directory', 'domain')
    assert.equal(code, 0, output)
    assert.match(output, /OK {3}bind .*\n(.*\n)*.*OK {3}base DN/)
    return output.trim().split('\n').at(-1) ?? ''
  },
}

/** Who cannot log in with the right password -> what the test says of the account. */
const STATES: Case = {
  name: 'test directory: states of accounts, and wrong passwords',
  async run(house) {
    const { controller } = house.backends
    const said: string[] = []
    for (const who of ['disabled', 'expired', 'mustChange', 'outsideHours'] as const) {
      const { upn, password } = controller.person(who)
      const failed = failedOf(await tested(house, 'domain', { user: upn, password }))
      assert.ok(
        failed.some((line) => line.startsWith('failed account')),
        failed.join('\n'),
      )
      assert.ok(
        failed.some((line) => line.startsWith('failed password')),
        failed.join('\n'),
      )
      said.push(failed[0] ?? '')
    }
    const [wrong, ...others] = failedOf(await tested(house, 'domain', { user: 'paul', password: 'no' }))
    assert.match(wrong ?? '', /failed password: .*52e/)
    assert.equal(others.length, 0)
    return said[0] ?? ''
  },
}

/** Settings of the source `domain` that are wrong -> the one step that fails. */
function faults(house: DirectoryHouse): readonly (readonly [Source, RegExp])[] {
  const { controller, slapd } = house.backends
  const authorities = readFileSync(controller.ca.certificate, 'utf8')
  return [
    [{ servers: [`ldaps://${controller.name}:637`] }, /tcp: .* -> Nothing listens there/],
    [{ servers: ['ldaps://dc9.ad.lab.test'] }, /dns: dc9\.ad\.lab\.test is not known/],
    [
      { authorities: readFileSync(slapd.ca.certificate, 'utf8') },
      /tls: .*its CA is not trusted here.* -> Set authorities/,
    ],
    [{ serverName: 'dc9.ad.lab.test', authorities }, /tls: the certificate is not for dc9/],
    [{ bindPassword: 'wrong' }, /bind: .*wrong name or password \(52e\).* -> Check bindDn and bindPassword/],
    [
      { bindDn: 'CN=nobody,DC=ad,DC=lab,DC=test' },
      /bind: .* -> .*Active Directory takes a DN .*@example\.org or EXAMPLE/,
    ],
    [
      { servers: [`ldap://${controller.name}`], allowUnencrypted: true },
      /bind: .*strongerAuthRequired \(8\).* -> .*use ldaps:\/\/ or startTls/,
    ],
    [{ baseDn: `OU=Gone,${controller.baseDn}` }, /base DN: .*noSuchObject \(32\).* -> .*correct baseDn/],
    [
      { baseDn: 'DC=elsewhere,DC=test' },
      /base DN: .*(referral \(10\).* -> .*not followed|noSuchObject \(32\))/,
    ],
  ]
}

const FAULTS: Case = {
  name: 'test directory: ports, names, CAs, the service account, encryption, base DNs: one step fails, and says why',
  async run(house) {
    const said: string[] = []
    try {
      for (const [change, expected] of faults(house)) {
        await house.serve({ domain: change })
        const lines = await tested(house, 'domain')
        assert.equal(failedOf(lines).length, 1, lines.join('\n'))
        assert.match(failedOf(lines)[0] ?? '', expected)
        said.push(failedOf(lines)[0] ?? '')
      }
    } finally {
      await house.serve()
    }
    return `${said.length} faults named`
  },
}

const WINBIND: Case = {
  name: 'test directory: winbind, its trust and then its directory',
  async run(house) {
    const lines = await tested(house, 'joined', { user: 'alice', password: COMMON_PASSWORD })
    assert.deepEqual(failedOf(lines), [], lines.join('\n'))
    assert.match(lines[0] ?? '', /ok trust: /)
    assert.ok(lines.some((line) => line.startsWith('ok password: right')))
    return lines[0] ?? ''
  },
}

export const SOURCE_TEST_CASES: readonly Case[] = [WORKS, WINBIND, STATES, FAULTS]
