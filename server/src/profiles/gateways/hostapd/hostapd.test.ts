import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { exampleWifi } from '../../testing/example-input.ts'
import { inputOf, withWired } from '../test/kind-inputs.ts'
import { HOSTAPD } from './hostapd.ts'
import { VLAN_FILE } from './hostapd-conf.ts'

const PROGRAM = '/usr/sbin/hostapd'
const folder = mkdtempSync(join(tmpdir(), 'sallyport-hostapd-'))
after(() => rmSync(folder, { recursive: true }))

/** What hostapd complains about in a file. There is no radio, so it ends right after it has read it. */
function complaints(name: string, files: ReturnType<typeof HOSTAPD.make>): readonly string[] {
  const textOf = (wanted: string) => String(files.find((file) => file.name === wanted)?.content ?? '')
  const vlans = join(folder, `${name}.vlan`)
  writeFileSync(vlans, textOf('hostapd.vlan'))
  const path = join(folder, name)
  const text = textOf('hostapd.conf').replace(VLAN_FILE, vlans).replace('/run/hostapd', join(folder, 'ctrl'))
  writeFileSync(path, text)
  const { stdout, stderr } = spawnSync('timeout', ['5', PROGRAM, path], { encoding: 'utf8' })
  const output = `${stdout}\n${stderr}`
  assert.match(
    output,
    /could not|Could not|nl80211|Failed|unable|errors found/i,
    'it did not get to the radio',
  )
  return output.split('\n').filter((line) => /^Line \d+|errors found|not readable|Invalid/i.test(line))
}

describe('hostapd', { skip: skipReason('hostapd') }, () => {
  for (const security of ['wpa2', 'wpa3', 'wpa3-192'] as const) {
    it(`ok/reads-${security}`, () => {
      const connections = [exampleWifi({ security, hidden: true, ssid: 'Büro "1"' })]
      const input = inputOf(
        'hostapd',
        { outside: { interface: 'none0' }, vlans: [42, 4094] },
        { connections },
      )
      assert.deepEqual(complaints(`${security}.conf`, HOSTAPD.make(input)), [])
    })
  }

  it('fail/a-key-it-does-not-know', () => {
    const [file, ...others] = HOSTAPD.make(inputOf('hostapd', { outside: { interface: 'none0' } }))
    assert.ok(file !== undefined)
    const broken = { ...file, content: `${String(file.content)}no_such_key=1\n` }
    assert.ok(complaints('broken.conf', [broken, ...others]).length > 0)
  })

  it('ok/reads-wired', () => {
    const input = inputOf('hostapd', { outside: { interface: 'none0' } }, withWired())
    assert.deepEqual(complaints('wired.conf', HOSTAPD.make(input)), [])
  })
})
