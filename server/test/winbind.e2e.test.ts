import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { EAPOL_TEST, type EapolTest, eapolTest } from '@sallyport/lab/eapol-test'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { COMPUTER, type PersonName } from '@sallyport/lab/samba/people'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { DomainMember } from '@sallyport/lab/samba-member'
import { until } from '@sallyport/lab/until'
import {
  challengeResponse,
  encryptPasswords,
  generateNtResponse,
  hashNtPasswordHash,
  ntPasswordHash,
} from '@sallyport/mschap'
import type { AccountLookup } from '../src/identity/ldap/account-lookup.ts'
import type { AuthenticationOutcome, IdentitySource } from '../src/identity/source.ts'
import { Winbind } from '../src/identity/winbind/winbind.ts'
import { WinbindSource } from '../src/identity/winbind/winbind-source.ts'

const skip = skipReason(...SAMBA_PACKAGES, 'eapoltest', 'wpasupplicant') || (namespaceObstacle() ?? false)
// The address of all suites: one of them provisions the domain, the others copy it.
const CONTROLLER = '10.78.0.10'
const MEMBER = '10.78.0.2'
const DEADLINE_MILLISECONDS = 1500

/** Everybody has an account here: what winbind says is what is looked at. */
const accounts: Pick<AccountLookup, 'byName'> = {
  byName: async (name) => ({
    kind: 'found',
    account: { dn: `CN=${name}`, user: { id: name, name, source: 'ad', groups: [], attributes: {} } },
  }),
}
const nobody: IdentitySource = {
  name: 'ad',
  kind: 'ldap',
  forms: new Set(),
  authenticate: () => ({ kind: 'not-found' }),
}

const SECRET = 'secret-of-the-access-point'

describe('winbind of a member of a Samba domain', { skip }, () => {
  const parts = new AsyncDisposableStack()
  let controller: DomainController
  let member: DomainMember
  let winbind: Winbind
  let source: WinbindSource
  let folder: string

  before(async () => {
    folder = parts.use(temporaryFolder('wbd-')).path
    const network = parts.use(new Network('dc', 'radius'))
    network.cable(
      { host: 'dc', port: 'eth0', address: `${CONTROLLER}/24` },
      { host: 'radius', port: 'eth0', address: `${MEMBER}/24` },
    )
    controller = parts.use(
      await DomainController.start({ network, host: 'dc', addresses: [CONTROLLER], folder: `${folder}/dc` }),
    )
    member = parts.use(
      await DomainMember.join({
        ...{ network, host: 'radius', interfaces: 'eth0', controller },
        ...{ controllerAddress: CONTROLLER, folder: `${folder}/member` },
      }),
    )
    winbind = winbindOf(member)
    parts.defer(() => winbind.close())
    source = sourceOf(winbind)
  })
  after(() => parts.disposeAsync())

  function winbindOf({ configuration }: DomainMember): Winbind {
    const [program = '', ...args] = member.withWinbind('ntlm_auth', `--configfile=${configuration}`)
    return new Winbind(
      { command: { program, args }, processes: 2, deadlineMilliseconds: DEADLINE_MILLISECONDS },
      { monotonic: () => performance.now() },
    )
  }

  function sourceOf(asked: Winbind, domain = controller.netbiosName): WinbindSource {
    const settings = { name: 'domain', hashedName: 'user', domain } as const
    return new WinbindSource({ settings, accounts, directory: nobody, groupDn: undefined, winbind: asked })
  }

  const proved = (password: string, hashed: string) => {
    const authenticatorChallenge = randomBytes(16)
    const peerChallenge = randomBytes(16)
    const hash = ntPasswordHash(password)
    const ntResponse = generateNtResponse(authenticatorChallenge, peerChallenge, hashed, hash)
    return { authenticatorChallenge, peerChallenge, ntResponse }
  }

  function login(
    user: string,
    password: string,
    { typed = user, by = source } = {},
  ): Promise<AuthenticationOutcome> {
    const hashed = typed.slice(typed.indexOf('\\') + 1)
    const proof = { form: 'mschapv2', ...proved(password, hashed), userName: typed } as const
    return by.authenticate(user, proof, { wholeName: typed })
  }

  const as = (name: PersonName, password?: string): Promise<AuthenticationOutcome> => {
    const person = controller.person(name)
    return login(person.name, password ?? person.password)
  }

  test('ok/MS-CHAPv2 gives MD4 of the NT hash, which keys rest on', async () => {
    const { name, password } = controller.person('alice')
    const key = toHex(hashNtPasswordHash(ntPasswordHash(password)))
    for (const typed of [name, `LAB\\${name}`, name.toUpperCase()]) {
      const outcome = await login(name, password, { typed })
      assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
      assert.equal(toHex(outcome.ntHashHash ?? new Uint8Array()), key)
    }
    const unnamed = await login(name, password, {
      by: new WinbindSource({
        ...{
          settings: { name: 'domain', hashedName: 'user' },
          accounts,
          directory: nobody,
          winbind,
          groupDn: undefined,
        },
      }),
    })
    assert.equal(unnamed.kind, 'authenticated')
  })

  test('ok/MS-CHAPv1, and a computer with its machine password', async () => {
    const { name, password } = controller.person('bob')
    const challenge = randomBytes(8)
    const ntResponse = challengeResponse(challenge, ntPasswordHash(password))
    const v1 = await source.authenticate(name, { form: 'mschap', challenge, ntResponse }, { wholeName: name })
    assert.equal(v1.kind, 'authenticated')
    const typed = `host/${COMPUTER.dnsName}`
    assert.equal((await login(`${COMPUTER.name}$`, COMPUTER.password, { typed })).kind, 'authenticated')
  })

  for (const [name, kind] of [
    ['disabled', 'disabled'],
    ['expired', 'account-expired'],
    ['mustChange', 'must-change-password'],
    ['oldPassword', 'must-change-password'],
    ['outsideHours', 'outside-logon-hours'],
    ['elsewhere', 'workstation-denied'],
  ] as const)
    test(`fail/${name}: ${kind} with the right password, wrong password with another`, async () => {
      const outcome = await as(name)
      if (name === 'oldPassword') assert.match(outcome.kind, /^(must-change-password|password-expired)$/)
      else assert.equal(outcome.kind, kind)
      assert.equal((await as(name, 'not-the-password')).kind, 'wrong-password')
    })

  test('fail/wrong passwords lock the account at the count of the domain', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await as('locked', `wrong-${i}`)).kind, 'wrong-password')
    assert.equal((await as('locked')).kind, 'locked')
  })

  test('fail/nobody of that name, no such domain, names that are no names', async () => {
    const unknown = await login('nobody-here', 'x')
    assert.match(unknown.kind === 'unavailable' ? unknown.why : '', /its domain is another one/)
    const elsewhere = await login(controller.person('alice').name, 'x', {
      by: sourceOf(winbind, 'ELSEWHERE'),
    })
    assert.equal(elsewhere.kind, 'unavailable')
    const { name, password } = controller.person('alice')
    for (const odd of [`${name}\0`, `${name}\n.\nUsername: ${name}`, `${name}\r`])
      assert.notEqual(
        (await login(odd, password, { typed: name })).kind,
        'authenticated',
        JSON.stringify(odd),
      )
    assert.equal((await as('alice')).kind, 'authenticated')
  })

  test('an expired password is changed, and the new one rules', async () => {
    const { name, password } = controller.person('mustChange')
    const next = 'Quite-An0ther-Passw0rd'
    const change = (old: string, to: string) => {
      const blocks = encryptPasswords(to, ntPasswordHash(old), randomBytes)
      const asked = { ...proved(to, name), ...blocks, userName: name }
      return source.changePassword(name, asked, { wholeName: name })
    }
    assert.equal((await change('not-the-password', next)).kind, 'wrong-password')
    assert.equal((await change(password, 'short')).kind, 'change-refused')
    const changed = await change(password, next)
    assert.ok(changed.kind === 'authenticated', JSON.stringify(changed))
    assert.equal(
      toHex(changed.ntHashHash ?? new Uint8Array()),
      toHex(hashNtPasswordHash(ntPasswordHash(next))),
    )
    assert.equal((await as('mustChange', next)).kind, 'authenticated')
  })

  describe('behind the server', () => {
    let server: Sallyport

    before(async () => {
      const data = join(folder, 'data')
      mkdirSync(data)
      const door = await controller.door()
      const prefix = member.withWinbind()
      server = parts.use(await startSallyport({ data, prefix, args: ['--bind', '127.0.0.1'] }))
      const { service, ca, baseDn } = controller
      const authorities = JSON.stringify(readFileSync(ca.certificate, 'utf8'))
      await server.apply(`
clients: [{ name: ap, address: 127.0.0.1, secret: ${SECRET} }]
sources:
  - { name: ad, kind: ldap, servers: ['ldaps://127.0.0.1:${door.port}'], serverName: ${controller.name},
      authorities: ${authorities}, baseDn: '${baseDn}', bindDn: '${service.dn}', bindPassword: '${service.password}' }
  - { name: domain, kind: winbind, directory: ad, configurationFile: ${member.configuration} }
realms: [{ name: default, default: true, prefixes: [LAB], suffixes: [${controller.domain}], sources: [domain] }]
rules: [{ name: everybody, when: 'true', effect: accept }]
`)
    })

    const network = (name: string, password: string, ...method: readonly string[]): EapolTest => ({
      network: [`identity="${name}"`, `password="${password}"`, ...method],
      server: { port: server.authPort, secret: SECRET },
      folder,
    })
    const PEAP = ['eap=PEAP', 'phase2="auth=MSCHAPV2"']

    test('ok/eapol_test: PEAP, bare and in TTLS, as users and as a computer; keys match', async () => {
      const { name, password } = controller.person('alice')
      const computer = network(`host/${COMPUTER.dnsName}`, COMPUTER.password, ...PEAP)
      for (const login of [
        network(name, password, ...PEAP),
        network(`LAB\\${name}`, password, ...PEAP),
        network(`${name}@${controller.domain}`, password, ...PEAP),
        network(name, password, 'eap=MSCHAPV2'),
        network(name, password, 'eap=TTLS', 'phase2="auth=MSCHAPV2"'),
        network(name, password, 'eap=TTLS', 'phase2="auth=MSCHAP"'),
        network(name, password, 'eap=TTLS', 'phase2="auth=PAP"'),
        computer,
      ]) {
        const { success, keys, output } = await eapolTest(login)
        assert.ok(success, `${login.network.join(' ')}\n${output.slice(-1500)}`)
        assert.deepEqual(keys, { ok: 1, mismatch: 0 })
      }
      const { success, rejected } = await eapolTest(network(name, 'not-the-password', ...PEAP))
      assert.deepEqual({ success, rejected }, { success: false, rejected: true })
    })

    test('ok/wpa_supplicant’s peer changes an expired password inside PEAP', async () => {
      const { name, password } = controller.person('oldPassword')
      const next = 'Fresh-An0ther-Passw0rd'
      const { success, output } = await eapolTestChanging(network(name, password, ...PEAP), next)
      assert.ok(success, output.slice(-3000))
      const again = await eapolTest(network(name, next, ...PEAP))
      assert.ok(again.success, again.output.slice(-1500))
    })
  })

  test('a controller that is cut off or hangs, and a winbindd that hangs or is stopped: never a wrong password', async () => {
    const outages: readonly (readonly [string, () => unknown, () => unknown])[] = [
      ['cut off', () => controller.cutOff(MEMBER), () => controller.reconnect(MEMBER)],
      ['controller hangs', () => controller.hang(), () => controller.resume()],
      ['winbindd hangs', () => member.hang(), () => member.resume()],
      ['winbindd stopped', () => member.stop(), () => member.start()],
    ]
    for (const [name, begin, end] of outages) {
      await begin()
      const begun = performance.now()
      for (let i = 0; i < 2; i++) {
        const both = await Promise.all([as('alice'), as('alice', 'not-the-password')])
        for (const outcome of both)
          assert.equal(outcome.kind, 'unavailable', `${name}: ${JSON.stringify(outcome)}`)
      }
      assert.ok(performance.now() - begun < 2 * DEADLINE_MILLISECONDS + 500, name)
      await end()
      const back = performance.now()
      while ((await as('alice')).kind !== 'authenticated') {
        assert.ok(performance.now() - back < 10_000, `${name}: ${JSON.stringify(winbind.state)}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      console.log(`# ${name}: well again after ${Math.round(performance.now() - back)} ms`)
    }
  })
})

/** eapol_test, and a person at wpa_cli who gives the new password when it is asked for. */
async function eapolTestChanging(
  { network, server, folder }: EapolTest,
  next: string,
): Promise<{ success: boolean; output: string }> {
  const sockets = join(folder, 'wpa')
  mkdirSync(sockets)
  const file = join(folder, 'change.conf')
  writeFileSync(
    file,
    `ctrl_interface=${sockets}\nnetwork={\n key_mgmt=IEEE8021X\n ${network.join('\n ')}\n}\n`,
  )
  const address = ['-a', '127.0.0.1', '-p', `${server.port}`, '-s', server.secret]
  const running = runToEnd(EAPOL_TEST, ['-c', file, ...address, '-t', '10', '-W'])
  await until('the control socket', () => (existsSync(join(sockets, 'test')) ? true : undefined))
  const person = spawn('wpa_cli', ['-p', sockets, '-i', 'test'], { stdio: ['pipe', 'pipe', 'ignore'] })
  let said = ''
  person.stdout.on('data', (text) => {
    said += text
    if (!/CTRL-REQ-NEW_PASSWORD/.test(said)) return
    said = ''
    person.stdin.write(`new_password 0 ${next}\n`)
  })
  const { output } = await running
  person.kill()
  return { success: /^SUCCESS$/m.test(output), output }
}
