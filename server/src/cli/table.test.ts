import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Columns, duration, octetCount, oneLine, table } from './table.ts'

describe('table', () => {
  it('ok/columns are as wide as their longest cell; colour takes no room', () => {
    const paint = (text: string): string => `\x1b[32m${text}\x1b[39m`
    assert.equal(
      table(
        ['user', 'state'],
        [
          ['alice', { text: 'active', paint }],
          ['bo', 'disabled'],
        ],
      ),
      'USER   STATE\nalice  \x1b[32mactive\x1b[39m\nbo     disabled',
    )
  })

  it('ok/one column gives way where the line is longer than the terminal', () => {
    const rows = [['alice', 'a sentence that is far too long for this terminal', '01kf']]
    const columns = new Columns(['user', 'why', 'id'], rows, { elastic: 1, room: 40 })
    assert.deepEqual(
      [columns.heading, ...rows.map((row) => columns.row(row))],
      ['USER   WHY                          ID', 'alice  a sentence that is far too…  01kf'],
    )
    assert.equal(columns.row(['bo', 'short', '01kg']), 'bo     short                        01kg')
  })

  it('ok/a name from outside cannot move the cursor or forge a row', () => {
    assert.equal(oneLine('alice\nroot  active\x1b[2J'), 'alice?root  active?[2J')
  })

  it('ok/octets and durations for people', () => {
    assert.deepEqual([0, 999, 1500, 12_345_678].map(octetCount), ['0 B', '999 B', '1.5 kB', '12 MB'])
    assert.deepEqual([5, 65, 3661].map(duration), ['5 s', '1 min', '1 h 1 min'])
  })
})
