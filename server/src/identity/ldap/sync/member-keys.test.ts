import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DirectoryEntry, SearchAnswer } from '../directory.ts'
import { dnKey } from './dn-key.ts'
import { memberKeys } from './member-keys.ts'
import { SyncStopped } from './sync-stopped.ts'
import { entry, playedSession } from './test/entry.ts'

const DN = 'CN=Everybody,DC=example,DC=org'
const member = (number: number): string => `CN=user${number},DC=example,DC=org`
const members = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => member(from + index))

async function keysOf(
  group: DirectoryEntry,
  answer: (attribute: string) => SearchAnswer,
): Promise<Set<string>> {
  const keys = new Set<string>()
  const session = playedSession(([attribute = '']) => answer(attribute))
  for await (const part of memberKeys(session, group, ['member', 'uniqueMember', 'memberUid'])) {
    for (const key of part) keys.add(key)
  }
  return keys
}
const never = (): SearchAnswer => assert.fail('nothing more is to be asked')
const found = (...entries: DirectoryEntry[]): SearchAnswer => ({ kind: 'entries', entries, server: 'dc1' })

describe('members of a group', () => {
  it('ok/all at once, in every way they are written', async () => {
    const group = entry(DN, {
      member: [member(1)],
      uniqueMember: [`${member(2)}#'0101'B`],
      memberUid: ['Alice'],
    })
    assert.deepEqual(await keysOf(group, never), new Set([dnKey(member(1)), dnKey(member(2)), 'uid:alice']))
  })

  it('ok/in parts, as Active Directory gives more than 1500', async () => {
    const asked: string[] = []
    const group = entry(DN, { member: [], 'member;range=0-1499': members(0, 1499) })
    const keys = await keysOf(group, (attribute) => {
      asked.push(attribute)
      return attribute === 'member;range=1500-*'
        ? found(entry(DN, { 'Member;Range=1500-2999': members(1500, 2999) }))
        : found(entry(DN, { 'member;range=3000-*': members(3000, 3049) }))
    })
    assert.deepEqual(asked, ['member;range=1500-*', 'member;range=3000-*'])
    assert.equal(keys.size, 3050)
    assert.ok(keys.has(dnKey(member(3049))))
  })

  for (const [name, answer] of [
    ['a part without an end or members', found(entry(DN, { 'member;range=1500-1499': [] }))],
    ['a part that was there before', found(entry(DN, { 'member;range=0-1499': members(0, 1499) }))],
    ['a part that leaves some out', found(entry(DN, { 'member;range=1600-*': members(1600, 1601) }))],
    ['an answer without members', found(entry(DN, {}))],
    ['a group that is gone in the middle', found()],
    ['a refusal in the middle', { kind: 'refused', code: 50, message: 'no', server: 'dc1' }],
    ['a server that is gone in the middle', { kind: 'unavailable', why: 'it hung up' }],
  ] as const satisfies readonly (readonly [string, SearchAnswer])[]) {
    it(`fail/${name} is not taken for the rest`, async () => {
      const group = entry(DN, { 'member;range=0-1499': members(0, 1499) })
      await assert.rejects(
        keysOf(group, () => answer),
        SyncStopped,
      )
    })
  }
})
