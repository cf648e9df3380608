/** A secret is changed with proof, Message-Authenticator is demanded of who sends it, a stranger is adopted. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { runToEnd } from '../../process.ts'
import { radclient } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { type ClientsHouse, PASSWORD, SECRET } from './house.ts'

type Case = LabCase<ClientsHouse>

/** The secret in what a command printed, on a line of its own. */
function secretIn(output: string): string {
  const secret = /^ {2}(\S{32})$/m.exec(output)?.[1]
  assert.ok(secret !== undefined, output)
  return secret
}

const ROTATION: Case = {
  name: 'radclient: a secret is changed at one address after the other; the old one is dropped with proof',
  async run(house) {
    const [first, second] = ['127.0.1.1', '127.0.1.2']
    assert.equal((await house.login(first)).code, 'Access-Accept')
    const begun = await house.cli('clients', 'rotate', 'network')
    const secret = secretIn(begun)
    assert.match(await house.refused('clients', 'rotate', 'network'), /being changed already/)
    for (const [address, used] of [
      [first, secret],
      [second, SECRET],
    ] as const) {
      const { code, output } = await house.login(address, used)
      assert.equal(code, 'Access-Accept', output)
    }
    const half = await house.cli('clients', 'rotation')
    assert.match(half, /127\.0\.1\.1\s+new secret\s+1 /)
    assert.match(half, /127\.0\.1\.2\s+OLD secret\s+1 /)
    assert.match(half, /1 of 2 addresses use the new secret/)
    assert.match(
      await house.refused('clients', 'rotate', 'network', '--finish'),
      /Still on the old secret: 127\.0\.1\.2/,
    )
    // What was seen is still known after a restart.
    await house.restart()
    assert.match(await house.cli('clients', 'rotation'), /127\.0\.1\.1\s+new secret\s+1 /)
    assert.equal((await house.login(second, secret)).code, 'Access-Accept')
    assert.match(await house.refused('clients', 'rotate', 'network', '--finish'), /within the last 7 days/)
    assert.match(await house.cli('clients', 'rotation', '--days', '0'), /2 of 2 addresses.*\n.*Proved/)
    await house.cli('clients', 'rotate', 'network', '--finish', '--days', '0')
    assert.equal((await house.login(second, secret)).code, 'Access-Accept')
    assert.equal(
      (await house.login(second, SECRET, { seconds: 1 })).code,
      undefined,
      'the old secret is silence',
    )
    assert.match(await house.cli('clients', 'rotation'), /No secret is being changed/)
    return 'one of two, refused, restarted, two of two, refused within 7 days, finished; the old secret is silence'
  },
}

const PYRAD: Case = {
  name: 'pyrad: both secrets are valid until the new one is taken back',
  async run(house) {
    const login = async (secret: string) => {
      const script = join(import.meta.dirname, '../radius/pyrad-client.py')
      const { authPort, acctPort } = house.server
      const args = [script, String(authPort), String(acctPort), secret, 'alice', PASSWORD]
      return (await runToEnd('/usr/bin/python3', args)).output
    }
    const given = 'a secret the admin chose'
    const begun = await house.cli('clients', 'rotate', 'here', '--secret', given)
    assert.ok(!begun.includes(given), 'a given secret is not repeated')
    const right = 'auth 2 signed\nauth 3 signed\nacct 5 signed\n'
    assert.deepEqual([await login(SECRET), await login(given)], [right, right])
    assert.match(await house.cli('clients', 'rotation'), /127\.0\.0\.1\s+new secret\s+3 \s*\S+ \S+\s+3 /)
    await house.cli('clients', 'rotate', 'here', '--cancel')
    assert.equal(await login(SECRET), right)
    return 'three requests with each secret, counted; taken back'
  },
}

const BOARD: Case = {
  name: 'radclient: the board tells who sends Message-Authenticator; it is demanded of who does',
  async run(house) {
    const from = '127.0.0.2'
    const board = async (...flags: string[]) => {
      const output = await house.cli('clients', 'blastradius', ...flags)
      return /^legacy +(strict|not seen|not ready|ready)/m.exec(output)?.[1]
    }
    assert.equal(await board(), 'not seen')
    assert.equal((await house.login(from, SECRET, { signed: false })).code, 'Access-Accept')
    assert.equal((await house.login(from)).code, 'Access-Accept')
    assert.equal(await board(), 'not ready')
    assert.match(await house.refused('clients', 'rotate', 'legacy'), /do not tell which secret/)
    const loose = ['--days', '0', '--requests', '2']
    assert.match(
      await house.refused('clients', 'blastradius', '--enforce', 'legacy', ...loose),
      /1 of 2 requests/,
    )
    assert.equal((await house.login(from)).code, 'Access-Accept')
    assert.equal(await board(...loose), 'ready')
    const enforced = await house.cli('clients', 'blastradius', '--ready', ...loose)
    assert.match(enforced, /is demanded of legacy \(version \d+\)/)
    assert.equal(await board(), 'strict')
    assert.equal((await house.login(from)).code, 'Access-Accept')
    const silent = await house.login(from, SECRET, { signed: false, seconds: 1 })
    assert.equal(silent.code, undefined, silent.output)
    const [, version = ''] = /rollback (\d+)/.exec(enforced) ?? []
    await house.cli('rollback', version)
    assert.equal((await house.login(from, SECRET, { signed: false })).code, 'Access-Accept')
    assert.equal(await board(), 'not ready')
    return 'not seen, not ready, ready, strict: silence without it; rolled back'
  },
}

const ADOPTED: Case = {
  name: 'radclient: a stranger is seen with what it sends and calls itself, and adopted by one command',
  async run(house) {
    const from = '127.0.0.99'
    const secret = 'whatever it believes'
    const more = ['NAS-Identifier = "switch-99"']
    assert.equal((await house.login(from, secret, { more, seconds: 1 })).code, undefined)
    const attributes = ['Acct-Status-Type = Start', 'Acct-Session-Id = "x"']
    await radclient({ command: 'acct', port: house.server.authPort, secret, from, attributes, seconds: 1 })
    assert.match(await house.cli('clients', 'unknown'), /127\.0\.0\.99\s+2\s+1\s+1\s+0\s+switch-99/)
    const adopted = await house.cli('clients', 'adopt', from, '--name', 'switch-99', '--vendor', 'cisco')
    assert.equal((await house.login(from, secretIn(adopted), { more })).code, 'Access-Accept')
    assert.doesNotMatch(await house.cli('clients', 'unknown'), /127\.0\.0\.99/)
    assert.match(await house.refused('clients', 'adopt', from, '--name', 'twin'), /has this address already/)
    assert.match(await house.refused('clients', 'adopt', '127.0.0.98', '--name', 'switch-99'), /already/)
    return 'one Access-Request, one Accounting-Request, "switch-99"; adopted, logs in'
  },
}

export const CLIENT_CASES: readonly Case[] = [ROTATION, PYRAD, BOARD, ADOPTED]
