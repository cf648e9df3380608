import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toUtf8 } from '@sallyport/bytes'
import { unknownAt } from '../src/attribute-text.ts'
import type { AttributeDefinition } from '../src/definition.ts'
import { encodePacket } from '../src/encode.ts'
import {
  builtInDictionary,
  codeName,
  formatValue,
  type Inspected,
  inspect,
  type PacketView,
  Secret,
  verify,
  verifyReply,
} from '../src/index.ts'
import { allVectors, type Vector } from './vectors.ts'

function definitionNamed(name: string): AttributeDefinition {
  const path = /^Attr-([\d.]+)$/.exec(name)?.[1]
  if (path !== undefined) return unknownAt(builtInDictionary, path.split('.').map(Number))
  const definition = builtInDictionary.named(name)
  assert.ok(definition !== undefined, `no attribute ${name}`)
  return definition
}

function verified(vector: Vector, packet: PacketView): { ok: boolean; reason?: string } {
  const secret = new Secret(vector.secret)
  const rules = { requireMessageAuthenticator: !vector.isLegacy }
  if (vector.replyTo === undefined) return verify(packet, [secret], rules)
  return verifyReply(packet, packetOf(inspect(vector.replyTo)), secret, rules)
}

function packetOf(inspected: Inspected): PacketView {
  assert.ok(inspected.ok, JSON.stringify(inspected))
  return inspected.packet
}

function check(vector: Vector, expectation: string): void {
  const inspected = inspect(vector.datagram)
  const malformed = /^malformed (\S+) at (\d+)$/.exec(expectation)
  if (malformed !== null) {
    assert.deepEqual(inspected, { ok: false, reason: malformed[1], offset: Number(malformed[2]) })
    return
  }
  const packet = packetOf(inspected)
  const hiding = { secret: new Secret(vector.secret), authenticator: packet.authenticator }
  const [word = '', second = '', third = '', fourth = ''] = expectation.split(' ')
  if (word === 'verified') assert.equal(verified(vector, packet).ok, true)
  else if (word === 'unverified') assert.deepEqual(verified(vector, packet), { ok: false, reason: second })
  else if (word === 'code') {
    assert.equal(codeName(packet.code), second)
    assert.equal(`${third} ${packet.id}`, `id ${fourth}`)
  } else if (word === 'hidden') {
    const value = packet.get(definitionNamed(second), hiding)
    assert.ok(value instanceof Uint8Array)
    assert.equal(toUtf8(value), third)
  } else if (word === 'unreadable' || word === 'unreadable-hidden') {
    const read = packet.read(definitionNamed(second), word === 'unreadable' ? undefined : hiding)
    assert.ok(read?.ok === false)
    assert.equal(read.reason, third)
  } else {
    const [name = '', tag] = word.split(':')
    const definition = definitionNamed(name)
    const read = packet.read(definition)
    assert.ok(read?.ok === true, `${name}: ${JSON.stringify(read)}`)
    assert.equal(formatValue(definition, read.value), expectation.slice(word.length + 1))
    assert.equal(read.tag, tag === undefined ? undefined : Number(tag))
  }
}

for (const vector of allVectors()) {
  test(`${vector.file}: ${vector.name}`, () => {
    for (const expectation of vector.expectations) check(vector, expectation)
    const inspected = inspect(vector.datagram)
    if (!inspected.ok) return
    const { packet } = inspected
    const again = encodePacket({
      code: packet.code,
      id: packet.id,
      authenticator: packet.authenticator,
      attributes: [...packet.attributes()],
      hasMessageAuthenticator: false,
      hiding: undefined,
      random: undefined,
    })
    assert.deepEqual(again, Uint8Array.from(packet.octets))
  })
}
