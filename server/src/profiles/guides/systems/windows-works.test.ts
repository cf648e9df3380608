import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findClientError } from '../../client-errors/find-client-error.ts'
import { exampleVpn } from '../../testing/example-input.ts'
import type { Block } from '../guide.ts'
import { windowsErrors } from './windows-works.ts'

const connection = exampleVpn({ l2tpMachineAuthentication: 'certificate' }).connection

/** Numbers people are told about, for these tunnels. */
function numbers(tunnels: readonly ('ikev2' | 'sstp' | 'l2tp' | 'pptp')[]): readonly string[] {
  const rows = windowsErrors(connection, tunnels).blocks.flatMap((block: Block) =>
    block.kind === 'cures' ? block.rows : [],
  )
  return rows.map(({ seen }) => {
    const number = seen.values.number
    return number?.kind === 'code' ? number.text : ''
  })
}

describe('errors on guides for Windows', () => {
  it('ok/those-of-the-tunnels', () => {
    assert.deepEqual(numbers(['ikev2']), ['691', '798', '809', '812', '853', '868', '13801', '13868'])
    assert.deepEqual(numbers(['l2tp']), ['691', '766', '789', '798', '809', '812', '853', '868'])
  })

  // What a person reads on the page, an administrator can look up: sallyport explain --client-error.
  it('ok/all-can-be-explained', () => {
    const all = numbers(['ikev2', 'sstp', 'l2tp', 'pptp'])
    assert.ok(all.length >= 14)
    assert.deepEqual(
      all.filter((number) => findClientError(number) === undefined),
      [],
    )
  })
})
