import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromHex } from '@sallyport/bytes'
import { NOW } from '../../test/pkits/forge.ts'
import { exportSpki } from '../algorithms/public-key.ts'
import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import {
  bitString,
  element,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  time,
} from '../der/der-writer.ts'
import { contextPrimitive, TAG } from '../der/tags.ts'
import { certificatePolicies, keyUsage, nameConstraints, sidExtension } from '../issue/extension-encoders.ts'
import { generateKeyPairFor } from '../issue/key-pair.ts'
import { distinguishedName } from '../names/distinguished-name.ts'
import { encodeGeneralName } from '../names/general-name.ts'
import { parseCertificate } from './certificate.ts'
import { certificateNames } from './certificate-names.ts'
import { type Extension, encodeExtensions } from './extension.ts'

const { publicKey, privateKey } = generateKeyPairFor('p256')
const algorithm = signatureAlgorithmFor(privateKey)
const name = distinguishedName(['CN', 'x'], ['emailAddress', 'x@example.org'])

interface Odd {
  readonly version?: Uint8Array
  readonly serial?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly afterKey?: readonly Uint8Array[]
}

/** A certificate with odd parts, correctly signed. */
function handMade(odd: Odd): Uint8Array {
  const tbs = sequence(
    odd.version ?? explicit(0, integer(2)),
    odd.serial ?? integer(1),
    odd.innerAlgorithm ?? algorithm.encoded,
    name.encoded,
    sequence(time(NOW), time(NOW + 1000)),
    name.encoded,
    exportSpki(publicKey),
    ...(odd.afterKey ?? []),
  )
  return sequence(tbs, algorithm.encoded, bitString(signOctets(algorithm, privateKey, tbs)))
}

function withExtensions(...extensions: readonly Extension[]): Odd {
  return { afterKey: [explicit(3, encodeExtensions(extensions))] }
}

test('odd certificates that are well-formed', () => {
  const nothing = new Uint8Array()
  const id = (number: number) => element(contextPrimitive(number), fromHex('00ff'))
  assert.equal(parseCertificate(handMade({})).version, 3)
  assert.equal(parseCertificate(handMade({ version: nothing })).version, 1)
  assert.equal(
    parseCertificate(handMade({ version: explicit(0, integer(1)), afterKey: [id(1), id(2)] })).version,
    2,
  )
  // PKITS 4.4.14: a negative serial is a serial.
  const negative = parseCertificate(handMade({ serial: element(TAG.integer, fromHex('ff01')) }))
  assert.equal(certificateNames(negative).serial, 'ff01')
  assert.deepEqual(certificateNames(negative).emails, ['x@example.org'])
})

test('odd certificates that are not', () => {
  const nothing = new Uint8Array()
  const policies = certificatePolicies('1.2.3', '1.2.3')
  const subtree = sequence(
    encodeGeneralName({ kind: 'dns', name: 'x' }),
    element(contextPrimitive(0), fromHex('01')),
  )
  const minimum = { ...nameConstraints([], []), value: sequence(explicit(0, subtree)) }
  const inner = (value: Uint8Array) => value.subarray(2)
  const odd: Record<string, Odd> = {
    'algorithm inside and outside differ': { innerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) },
    'version 4': { version: explicit(0, integer(3)) },
    'version 1 with extensions': { version: nothing, ...withExtensions(keyUsage('keyAgreement')) },
    'version 1 with a unique id': {
      version: nothing,
      afterKey: [element(contextPrimitive(1), fromHex('00ff'))],
    },
    'an extension twice': withExtensions(keyUsage('keyCertSign'), keyUsage('cRLSign')),
    'no extension in the list': withExtensions(),
    'a policy twice': withExtensions(policies),
    'a subtree with a minimum': withExtensions(minimum),
    'constraints without a subtree': withExtensions({ ...minimum, value: sequence() }),
    'a SID that is none': withExtensions(sidExtension('alice')),
    'two SIDs': withExtensions({
      ...sidExtension('S-1-5'),
      value: element(
        TAG.sequence,
        concat(...['S-1-5-21-1', 'S-1-5-21-2'].map((sid) => inner(sidExtension(sid).value))),
      ),
    }),
    'a SID extension without a SID': withExtensions({ ...sidExtension('S-1-5'), value: sequence() }),
    'key usage of another type': withExtensions({ ...keyUsage('cRLSign'), value: nullValue() }),
    'something after the extensions': {
      afterKey: [explicit(3, encodeExtensions([keyUsage('cRLSign')])), nullValue()],
    },
    'more than anybody needs': withExtensions({
      oid: '1.2.3',
      critical: false,
      value: octetString(new Uint8Array(65536)),
    }),
  }
  for (const [what, parts] of Object.entries(odd)) {
    assert.throws(() => parseCertificate(handMade(parts)), { name: 'PkiError', code: 'malformed' }, what)
  }
})
