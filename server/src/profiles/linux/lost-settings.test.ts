import assert from 'node:assert/strict'
import { it } from 'node:test'
import { androidSswan } from '../android/sswan.ts'
import { exampleVpn } from '../testing/example-input.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { linuxSwanctl } from './swanctl.ts'

for (const output of [linuxSwanctl, linuxNetworkManager, androidSswan]) {
  it(`ok/${output.id}-says-that-it-does-not-enforce-routing`, () => {
    const settings = (enforceRouting: string) =>
      output.findings(exampleVpn({ enforceRouting })).map(({ setting }) => setting)
    assert.ok(settings('everything').includes('enforceRouting'))
    assert.ok(!settings('none').includes('enforceRouting'))
  })
}
