import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { EapType, mschapV2Server } from '../src/index.ts'
import { withoutEapolTest } from './eapol.ts'
import { PasswordVerifier } from './password-verifier.ts'
import { startRadius } from './radius-harness.ts'

const PYTHON = '/usr/bin/python3'

function withoutPython(): string | false {
  if (existsSync(PYTHON)) return false
  if (process.env.CI !== undefined) throw new Error(`${PYTHON} is missing (Debian package python3)`)
  return `${PYTHON} is not installed (Debian package python3)`
}

/**
 * Tells a waiting eapol_test the new password. The control interface is a datagram socket in the file system, which Node
 * does not have; Debian's python3 does.
 */
const TELL = `
import socket, sys, time
control, own, password = sys.argv[1:]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(own)
for _ in range(100):
    try:
        s.connect(control)
        break
    except OSError:
        time.sleep(0.02)
s.send(b'ATTACH')
s.recv(4096)
s.send(b'CTRL-RSP-NEW_PASSWORD-0:' + password.encode())
s.recv(4096)
`

test('eapol_test changes an expired password (E=648, RFC 2759 section 7)', {
  skip: withoutEapolTest() || withoutPython(),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-eap-'))
  const config = join(folder, 'eapol.conf')
  const network = 'key_mgmt=IEEE8021X\n eap=MSCHAPV2\n identity="vpn-user"\n password="Old-Passw0rd"'
  writeFileSync(config, `ctrl_interface=${folder}/control\nnetwork={\n ${network}\n}\n`)
  const verifier = new PasswordVerifier('vpn-user', 'Old-Passw0rd')
  verifier.error = { code: 648, retry: true, message: 'Password expired' }
  // To be told something makes wpa_supplicant answer the Identity request once more, in a conversation of its own. The
  // first one waits for ever, so that the second has the new password from its beginning.
  let conversations = 0
  const never = new Promise<readonly number[]>(() => {})
  const radius = await startRadius({
    eap: {
      methods: new Map([[EapType.MsChapV2, mschapV2Server({ verifier })]]),
      offer: () => (++conversations === 1 ? never : [EapType.MsChapV2]),
    },
  })
  try {
    const options = { timeout: 20_000, killSignal: 'SIGKILL' } as const
    const server = ['-a', '127.0.0.1', '-p', `${radius.port}`, '-s', radius.secret]
    const eapol = spawn('eapol_test', ['-W', '-t', '10', '-c', config, ...server], options)
    const told = spawn(
      PYTHON,
      ['-c', TELL, `${folder}/control/test`, `${folder}/own`, 'N3w-Passw0rd'],
      options,
    )
    let output = ''
    eapol.stdout.on('data', (text) => {
      output += text
    })
    await Promise.all([once(eapol, 'close'), once(told, 'close')])
    assert.match(output, /^SUCCESS$/m, output.slice(-3000))
    assert.match(output, /Password changed successfully/)
    assert.match(output, /MPPE keys OK: 1 {2}mismatch: 0/)
    assert.equal(verifier.clear, 'N3w-Passw0rd')
  } finally {
    await radius.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
