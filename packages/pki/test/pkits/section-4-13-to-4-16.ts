import type { Extension } from '../../src/certificate/extension.ts'
import { nullValue } from '../../src/der/der-writer.ts'
import { nameConstraints, subjectAltName } from '../../src/issue/extension-encoders.ts'
import {
  type AttributeName,
  type DistinguishedName,
  distinguishedName,
} from '../../src/names/distinguished-name.ts'
import { type GeneralName, ipOctets } from '../../src/names/general-name.ts'
import { anchor, ca, endEntity, selfIssued } from './forge.ts'
import { type PkitsCase, path } from './pkits-case.ts'

const dns = (name: string): GeneralName => ({ kind: 'dns', name })
const email = (address: string): GeneralName => ({ kind: 'email', address })
const uri = (text: string): GeneralName => ({ kind: 'uri', uri: text })
const ip = (...parts: readonly string[]): GeneralName => ({
  kind: 'ip',
  octets: Buffer.concat(parts.map((part) => ipOctets(part))),
})
const directory = (name: DistinguishedName): GeneralName => ({ kind: 'directory', name })
const upn = (name: string): GeneralName => ({ kind: 'upn', name })

/** `C=US, O=Test Certificates` and what follows. */
function dn(...attributes: readonly (readonly [AttributeName, string])[]): DistinguishedName {
  return distinguishedName(['C', 'US'], ['O', 'Test Certificates'], ...attributes)
}

interface Constrained {
  readonly permitted?: readonly GeneralName[]
  readonly excluded?: readonly GeneralName[]
  /** What a second CA adds. */
  readonly further?: {
    readonly permitted?: readonly GeneralName[]
    readonly excluded?: readonly GeneralName[]
  }
  readonly subject?: DistinguishedName
  readonly names?: readonly GeneralName[]
}

function constrain({
  permitted = [],
  excluded = [],
}: Pick<Constrained, 'permitted' | 'excluded'>): Extension[] {
  return [nameConstraints(permitted, excluded)]
}

function test(
  number: string,
  title: string,
  expect: 'valid' | 'name-constraint',
  parts: Constrained,
  opensslDiffers?: string,
): PkitsCase {
  const build = () => {
    const root = anchor()
    const constrained = ca(root, 'nameConstraints CA', { extensions: constrain(parts) })
    const further =
      parts.further && ca(constrained, 'nameConstraints subCA', { extensions: constrain(parts.further) })
    const leaf = endEntity(further ?? constrained, {
      name: parts.subject ?? dn(['CN', 'constrained']),
      extensions: parts.names === undefined ? [] : [subjectAltName(parts.names)],
    })
    return path([root, constrained, ...(further === undefined ? [] : [further]), leaf])
  }
  return { number, title, expect, build, ...(opensslDiffers !== undefined && { opensslDiffers }) }
}

const OU1 = directory(dn(['OU', 'permittedSubtree1']))
const OU2 = directory(dn(['OU', 'permittedSubtree2']))
const NO1 = directory(dn(['OU', 'excludedSubtree1']))
const IN1 = dn(['OU', 'permittedSubtree1'], ['CN', 'EE'])
const IN2 = dn(['OU', 'permittedSubtree2'], ['CN', 'EE'])
const EX1 = dn(['OU', 'excludedSubtree1'], ['CN', 'EE'])

const DIRECTORY_NAMES = [
  test('4.13.1', 'Valid DN nameConstraints', 'valid', { permitted: [OU1], subject: IN1 }),
  test('4.13.2', 'Invalid DN nameConstraints', 'name-constraint', { permitted: [OU1], subject: EX1 }),
  test('4.13.3', 'Invalid DN nameConstraints in the subjectAltName', 'name-constraint', {
    permitted: [OU1],
    subject: IN1,
    names: [directory(EX1)],
  }),
  test('4.13.4', 'Valid DN nameConstraints in the subjectAltName', 'valid', {
    permitted: [OU1],
    subject: IN1,
    names: [directory(IN1)],
  }),
  test('4.13.5', 'Valid DN nameConstraints, two subtrees', 'valid', { permitted: [OU1, OU2], subject: IN2 }),
  test('4.13.6', 'Valid DN nameConstraints, excluded', 'valid', { excluded: [NO1], subject: IN1 }),
  test('4.13.7', 'Invalid DN nameConstraints, excluded', 'name-constraint', {
    excluded: [NO1],
    subject: EX1,
  }),
  test('4.13.10', 'Invalid DN nameConstraints, permitted and excluded', 'name-constraint', {
    permitted: [directory(dn())],
    excluded: [NO1],
    subject: EX1,
  }),
  test('4.13.12', 'Invalid DN nameConstraints of two CAs', 'name-constraint', {
    permitted: [OU1],
    further: { permitted: [OU2] },
    subject: IN2,
  }),
]

const SELF_ISSUED: readonly PkitsCase[] = [
  {
    number: '4.13.19',
    title: 'Valid Self-Issued DN nameConstraints',
    expect: 'valid',
    build: () => {
      const root = anchor()
      const constrained = ca(root, 'nameConstraints CA', { extensions: constrain({ permitted: [OU1] }) })
      const rolled = selfIssued(constrained)
      return path([root, constrained, rolled, endEntity(rolled, { name: IN1 })])
    },
  },
  {
    number: '4.13.20',
    title: 'Invalid Self-Issued DN nameConstraints: the leaf is never exempt',
    expect: 'name-constraint',
    build: () => {
      const root = anchor()
      const constrained = ca(root, 'nameConstraints CA', { extensions: constrain({ permitted: [OU1] }) })
      return path([root, constrained, endEntity(constrained, { name: constrained.certificate.subject })])
    },
  },
]

const HOST = 'testcertificates.gov'
const EMAIL_NAMES = [
  test('4.13.21', 'Valid RFC822 nameConstraints, domain', 'valid', {
    permitted: [email(`.${HOST}`)],
    names: [email(`Test21EE@mailserver.${HOST}`)],
  }),
  test('4.13.22', 'Invalid RFC822 nameConstraints, domain', 'name-constraint', {
    permitted: [email(`.${HOST}`)],
    names: [email(`Test22EE@${HOST}`)],
  }),
  test('4.13.23', 'Valid RFC822 nameConstraints, host', 'valid', {
    permitted: [email(HOST)],
    names: [email(`Test23EE@${HOST}`)],
  }),
  test('4.13.24', 'Invalid RFC822 nameConstraints, host', 'name-constraint', {
    permitted: [email(HOST)],
    names: [email(`Test24EE@mailserver.${HOST}`)],
  }),
  test('4.13.25', 'Valid RFC822 nameConstraints, excluded', 'valid', {
    excluded: [email(HOST)],
    names: [email(`Test25EE@mailserver.${HOST}`)],
  }),
  test('4.13.26', 'Invalid RFC822 nameConstraints, excluded', 'name-constraint', {
    excluded: [email(HOST)],
    names: [email(`Test26EE@${HOST.toUpperCase()}`)],
  }),
  test('4.13.29', 'Invalid DN and RFC822 nameConstraints: e-mail address in the subject', 'name-constraint', {
    permitted: [directory(dn()), email(HOST)],
    subject: dn(['CN', 'EE'], ['emailAddress', 'Test29EE@mailserver.example.org']),
  }),
]

const DNS_NAMES = [
  test('4.13.30', 'Valid DNS nameConstraints', 'valid', {
    permitted: [dns(HOST)],
    names: [dns(`www.${HOST}`)],
  }),
  test('4.13.31', 'Invalid DNS nameConstraints', 'name-constraint', {
    permitted: [dns(HOST)],
    names: [dns(`www.example.org`)],
  }),
  test('4.13.32', 'Valid DNS nameConstraints, excluded', 'valid', {
    excluded: [dns('invalid.example')],
    names: [dns(`www.${HOST}`)],
  }),
  test('4.13.33', 'Invalid DNS nameConstraints, excluded', 'name-constraint', {
    excluded: [dns(HOST)],
    names: [dns(`WWW.${HOST}`)],
  }),
  test('4.13.38', 'Invalid DNS nameConstraints: ends alike', 'name-constraint', {
    permitted: [dns(HOST)],
    names: [dns(`my${HOST}`)],
  }),
  test(
    '4.13.33 (1)',
    'Invalid DNS nameConstraints: a wildcard over an excluded name',
    'name-constraint',
    { excluded: [dns(`www.${HOST}`)], names: [dns(`*.${HOST}`)] },
    'OpenSSL takes the asterisk as a label of its own, so the wildcard slips past the excluded name it stands for',
  ),
]

const OTHER_NAMES = [
  test('4.13.34', 'Valid URI nameConstraints', 'valid', {
    permitted: [uri(`.${HOST}`)],
    names: [uri(`http://testserver.${HOST}/index.html`)],
  }),
  test('4.13.35', 'Invalid URI nameConstraints', 'name-constraint', {
    permitted: [uri(`.${HOST}`)],
    names: [uri(`http://${HOST}/index.html`)],
  }),
  test('4.13.36', 'Valid URI nameConstraints, excluded', 'valid', {
    excluded: [uri('invalid.example')],
    names: [uri(`ldap://testserver.${HOST}/cn=x`)],
  }),
  test('4.13.37', 'Invalid URI nameConstraints, excluded', 'name-constraint', {
    excluded: [uri(HOST)],
    names: [uri(`ftp://${HOST}:21/test37/`)],
  }),
  test(
    '4.13.37 (1)',
    'Invalid URI nameConstraints, excluded, with user information',
    'name-constraint',
    { excluded: [uri(HOST)], names: [uri(`ftp://user@${HOST}/`)] },
    'OpenSSL takes user@host for the host',
  ),
  test('4.13 IP (1)', 'Valid IP nameConstraints', 'valid', {
    permitted: [ip('192.0.2.0', '255.255.255.0')],
    names: [ip('192.0.2.77')],
  }),
  test('4.13 IP (2)', 'Invalid IP nameConstraints', 'name-constraint', {
    permitted: [ip('192.0.2.0', '255.255.255.0')],
    names: [ip('192.0.3.77')],
  }),
  test('4.13 IP (3)', 'Invalid IP nameConstraints, excluded IPv6', 'name-constraint', {
    excluded: [ip('2001:db8::', 'ffff:ffff::')],
    names: [ip('2001:db8::1')],
  }),
  test('4.13 IP (4)', 'Invalid IP nameConstraints: IPv6 under permitted IPv4', 'name-constraint', {
    permitted: [ip('0.0.0.0', '0.0.0.0')],
    names: [ip('2001:db8::1')],
  }),
  test('4.13 UPN', 'Invalid constraint of a form that is not understood', 'name-constraint', {
    permitted: [upn('example.org')],
    names: [upn('alice@example.org')],
  }),
]

function leafWith(extension: Extension) {
  const root = anchor()
  return path([root, endEntity(root, { extensions: [extension] })])
}

const UNKNOWN = '2.16.840.1.101.2.1.12.2'

const PRIVATE_EXTENSIONS: readonly PkitsCase[] = [
  {
    number: '4.16.1',
    title: 'Valid Unknown Not Critical Certificate Extension',
    expect: 'valid',
    build: () => leafWith({ oid: UNKNOWN, critical: false, value: nullValue() }),
  },
  {
    number: '4.16.2',
    title: 'Invalid Unknown Critical Certificate Extension',
    expect: 'critical-extension',
    build: () => leafWith({ oid: UNKNOWN, critical: true, value: nullValue() }),
  },
]

export const SECTION_4_13_TO_4_16: readonly PkitsCase[] = [
  ...DIRECTORY_NAMES,
  ...SELF_ISSUED,
  ...EMAIL_NAMES,
  ...DNS_NAMES,
  ...OTHER_NAMES,
  ...PRIVATE_EXTENSIONS,
]
