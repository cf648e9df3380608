import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Conversation, Conversations } from './conversations.ts'

function table(options: { capacity?: number; lifetimeMilliseconds?: number } = {}): {
  conversations: Conversations<Conversation>
  begin(client: string, startedAt: number): Conversation & { closed: boolean }
} {
  const conversations = new Conversations<Conversation>({ node: 1, worker: 2, ...options })
  const begin = (client: string, startedAt: number): Conversation & { closed: boolean } => {
    const conversation = {
      state: conversations.newState(),
      client,
      startedAt,
      closed: false,
      close() {
        this.closed = true
      },
    }
    conversations.add(conversation)
    return conversation
  }
  return { conversations, begin }
}

test('State names node and worker first and is otherwise random', () => {
  const { conversations } = table()
  const states = new Set<string>()
  for (let i = 0; i < 1000; i++) {
    const state = conversations.newState()
    assert.deepEqual([state[0], state[1], state.length], [1, 2, 18])
    states.add(Buffer.from(state).toString('hex'))
  }
  assert.equal(states.size, 1000)
})

test('fail/ State of another client, altered, empty, over-long or reused finds nothing', () => {
  const { conversations, begin } = table()
  const conversation = begin('gateway', 0)
  assert.equal(conversations.find(conversation.state, 'gateway', 1), conversation)
  assert.equal(conversations.find(conversation.state, 'switch', 1), undefined)
  const altered = Uint8Array.from(conversation.state)
  altered[10] = (altered[10] ?? 0) ^ 1
  assert.equal(conversations.find(altered, 'gateway', 1), undefined)
  assert.equal(conversations.find(new Uint8Array(0), 'gateway', 1), undefined)
  assert.equal(conversations.find(new Uint8Array(253), 'gateway', 1), undefined)
  conversations.remove(conversation)
  assert.equal(conversation.closed, true)
  assert.equal(conversations.find(conversation.state, 'gateway', 1), undefined)
})

test('a conversation ends after its lifetime, whether somebody asks or not', () => {
  const { conversations, begin } = table({ lifetimeMilliseconds: 60_000 })
  const first = begin('gateway', 0)
  const second = begin('gateway', 30_000)
  assert.equal(conversations.find(first.state, 'gateway', 60_001), undefined)
  assert.deepEqual(conversations.expire(60_001), [first], 'whoever asked took nothing away')
  assert.equal(first.closed, true)
  assert.deepEqual(conversations.expire(90_000), [])
  assert.deepEqual(conversations.expire(90_001), [second])
  assert.equal(conversations.size, 0)
})

test('half-open conversations cannot grow the table: the longest silent gives way, not the one that goes on', () => {
  const { conversations, begin } = table({ capacity: 10 })
  const active = begin('gateway', 0)
  const silent = begin('gateway', 1)
  for (let i = 2; i < 40; i++) {
    begin('gateway', i)
    assert.equal(conversations.find(active.state, 'gateway', i), active)
  }
  assert.deepEqual([silent.closed, active.closed, conversations.size], [true, false, 10])
  assert.deepEqual(conversations.expire(60_001), [active])
})

test('half-open conversations cannot grow the table: the oldest gives way and is closed', () => {
  const { conversations, begin } = table({ capacity: 10 })
  const oldest = begin('gateway', 0)
  for (let i = 1; i <= 10; i++) begin('gateway', i)
  assert.equal(conversations.size, 10)
  assert.equal(oldest.closed, true)
})
