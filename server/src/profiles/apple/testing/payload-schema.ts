import assert from 'node:assert/strict'
import type { PlistField } from './read-plist.ts'

/**
 * Keys and types of payloads as Apple's device management schema (apple/device-management, October 2024) publishes them;
 * of each payload those that make sense here. Written apart from what is tested: it shares nothing with it.
 */
type Type =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'data'
  | readonly (string | number)[]
  | { readonly from: number; readonly to: number }
interface Keys {
  readonly [path: string]: Type
}

const FLAG = [0, 1] as const

const COMMON: Keys = {
  PayloadType: 'text',
  PayloadVersion: [1],
  PayloadIdentifier: 'text',
  PayloadUUID: 'text',
  PayloadDisplayName: 'text',
  PayloadDescription: 'text',
  PayloadOrganization: 'text',
}

const TOP: Keys = { ...COMMON, PayloadType: ['Configuration'], PayloadScope: ['System', 'User'] }

const EAP: Keys = {
  'EAPClientConfiguration/AcceptEAPTypes/*': [13, 17, 18, 21, 23, 25, 43],
  'EAPClientConfiguration/UserName': 'text',
  'EAPClientConfiguration/OuterIdentity': 'text',
  'EAPClientConfiguration/PayloadCertificateAnchorUUID/*': 'text',
  'EAPClientConfiguration/TLSTrustedServerNames/*': 'text',
  'EAPClientConfiguration/TLSAllowTrustExceptions': 'boolean',
  'EAPClientConfiguration/TLSCertificateIsRequired': 'boolean',
  'EAPClientConfiguration/TTLSInnerAuthentication': ['PAP', 'EAP', 'CHAP', 'MSCHAP', 'MSCHAPv2'],
  'EAPClientConfiguration/TLSMinimumVersion': ['1.0', '1.1', '1.2', '1.3'],
  'EAPClientConfiguration/TLSMaximumVersion': ['1.0', '1.1', '1.2', '1.3'],
  'EAPClientConfiguration/SystemModeCredentialsSource': ['ActiveDirectory'],
  'EAPClientConfiguration/OneTimeUserPassword': 'boolean',
  'SetupModes/*': ['System', 'Loginwindow'],
  PayloadCertificateUUID: 'text',
}

const ASSOCIATION: Readonly<Record<string, Type>> = {
  EncryptionAlgorithm: [
    'DES',
    '3DES',
    'AES-128',
    'AES-256',
    'AES-128-GCM',
    'AES-256-GCM',
    'ChaCha20Poly1305',
  ],
  IntegrityAlgorithm: ['SHA1-96', 'SHA1-160', 'SHA2-256', 'SHA2-384', 'SHA2-512'],
  DiffieHellmanGroup: [1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 31, 32],
  LifeTimeInMinutes: { from: 10, to: 1440 },
}

const IKEV2: Readonly<Record<string, Type>> = {
  RemoteAddress: 'text',
  LocalIdentifier: 'text',
  RemoteIdentifier: 'text',
  AuthenticationMethod: ['None', 'SharedSecret', 'Certificate'],
  CertificateType: ['RSA', 'ECDSA256', 'ECDSA384', 'ECDSA521', 'RSA-PSS'],
  PayloadCertificateUUID: 'text',
  ExtendedAuthEnabled: FLAG,
  AuthName: 'text',
  OnDemandEnabled: FLAG,
  'OnDemandRules/*/Action': ['Allow', 'Connect', 'Disconnect', 'EvaluateConnection', 'Ignore'],
  'OnDemandRules/*/DNSDomainMatch/*': 'text',
  'OnDemandRules/*/ActionParameters/*/Domains/*': 'text',
  'OnDemandRules/*/ActionParameters/*/DomainAction': ['ConnectIfNeeded', 'NeverConnect'],
  'OnDemandRules/*/ActionParameters/*/RequiredDNSServers/*': 'text',
  DeadPeerDetectionRate: ['None', 'Low', 'Medium', 'High'],
  ServerCertificateIssuerCommonName: 'text',
  ServerCertificateCommonName: 'text',
  TLSMinimumVersion: ['1.0', '1.1', '1.2'],
  TLSMaximumVersion: ['1.0', '1.1', '1.2'],
  DisconnectOnIdle: FLAG,
  DisconnectOnIdleTimer: 'integer',
  EnablePFS: FLAG,
  MTU: { from: 1280, to: 1400 },
  IncludeAllNetworks: FLAG,
  EnforceRoutes: FLAG,
  ...below('IKESecurityAssociationParameters', ASSOCIATION),
  ...below('ChildSecurityAssociationParameters', ASSOCIATION),
}

const PAYLOADS: Readonly<Record<string, Keys>> = {
  'com.apple.vpn.managed': {
    UserDefinedName: 'text',
    VPNType: ['VPN', 'L2TP', 'IPSec', 'IKEv2', 'AlwaysOn', 'TransparentProxy'],
    ...below('IKEv2', IKEV2),
    'PPP/CommRemoteAddress': 'text',
    'PPP/AuthName': 'text',
    'PPP/DisconnectOnIdle': FLAG,
    'PPP/DisconnectOnIdleTimer': 'integer',
    'IPSec/AuthenticationMethod': ['SharedSecret', 'Certificate'],
    'IPSec/SharedSecret': 'data',
    'IPSec/PayloadCertificateUUID': 'text',
    'IPv4/OverridePrimary': FLAG,
    'DNS/DNSProtocol': ['Cleartext', 'HTTPS', 'TLS'],
    'DNS/ServerAddresses/*': 'text',
    'DNS/SearchDomains/*': 'text',
    'DNS/DomainName': 'text',
    'DNS/SupplementalMatchDomains/*': 'text',
    'Proxies/ProxyAutoConfigEnable': FLAG,
    'Proxies/ProxyAutoConfigURLString': 'text',
    'Proxies/HTTPEnable': FLAG,
    'Proxies/HTTPProxy': 'text',
    'Proxies/HTTPPort': { from: 0, to: 65_535 },
    'Proxies/HTTPSEnable': FLAG,
    'Proxies/HTTPSProxy': 'text',
    'Proxies/HTTPSPort': { from: 0, to: 65_535 },
  },
  'com.apple.wifi.managed': {
    ...EAP,
    SSID_STR: 'text',
    HIDDEN_NETWORK: 'boolean',
    AutoJoin: 'boolean',
    EncryptionType: ['WEP', 'WPA', 'WPA2', 'WPA3', 'Any', 'None'],
    DisableAssociationMACRandomization: 'boolean',
  },
  'com.apple.firstactiveethernet.managed': { ...EAP, Interface: ['FirstActiveEthernet'] },
  'com.apple.globalethernet.managed': { ...EAP, Interface: ['GlobalEthernet'] },
  'com.apple.security.root': { PayloadCertificateFileName: 'text', PayloadContent: 'data' },
  'com.apple.security.pkcs1': { PayloadCertificateFileName: 'text', PayloadContent: 'data' },
  'com.apple.security.pkcs12': {
    PayloadCertificateFileName: 'text',
    PayloadContent: 'data',
    Password: 'text',
    KeyIsExtractable: 'boolean',
  },
  'com.apple.security.scep': below('PayloadContent', {
    URL: 'text',
    Name: 'text',
    'Subject/*/*/*': 'text',
    Challenge: 'text',
    Keysize: [1024, 2048, 4096],
    'Key Type': ['RSA'],
    'Key Usage': [0, 1, 4, 5],
    CAFingerprint: 'data',
    Retries: 'integer',
    RetryDelay: 'integer',
    KeyIsExtractable: 'boolean',
  }),
  'com.apple.security.acme': {
    DirectoryURL: 'text',
    ClientIdentifier: 'text',
    KeySize: [256, 384],
    KeyType: ['ECSECPrimeRandom'],
    HardwareBound: 'boolean',
    'Subject/*/*/*': 'text',
    UsageFlags: [1, 4, 5],
    'ExtendedKeyUsage/*': 'text',
    Attest: 'boolean',
    KeyIsExtractable: 'boolean',
  },
}

/** Always there, each in the payload that has the dictionary around it. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'com.apple.vpn.managed': ['UserDefinedName', 'VPNType'],
  'com.apple.security.root': ['PayloadContent'],
  'com.apple.security.pkcs1': ['PayloadContent'],
  'com.apple.security.pkcs12': ['PayloadContent'],
  'com.apple.security.scep': ['PayloadContent/URL'],
  'com.apple.security.acme': [
    'DirectoryURL',
    'ClientIdentifier',
    'KeySize',
    'KeyType',
    'HardwareBound',
    'Subject/*/*/*',
  ],
}
const REQUIRED_TOGETHER: readonly (readonly [dictionary: string, keys: readonly string[]])[] = [
  ['IKEv2/', ['RemoteAddress', 'LocalIdentifier', 'RemoteIdentifier', 'AuthenticationMethod']],
  ['DNS/', ['DNSProtocol', 'ServerAddresses/*']],
  ['EAPClientConfiguration/', ['AcceptEAPTypes/*']],
]

/** @throws AssertionError for a key or a value the schema does not have, and for one that is missing */
export function assertSchema(fields: readonly PlistField[]): void {
  const payloads = new Map<string, [path: string, value: string][]>()
  const top: [string, string][] = []
  for (const [path, value] of fields) {
    const [first, index = '', ...rest] = path
    if (first !== 'PayloadContent') top.push([path.join('/'), value])
    else payloads.set(index, [...(payloads.get(index) ?? []), [rest.join('/'), value]])
  }
  assertKeys('the profile', top, TOP, ['PayloadIdentifier', 'PayloadUUID', 'PayloadType', 'PayloadVersion'])
  assert.ok(payloads.size > 0)
  const identifiers = new Set([...payloads.values()].map((one) => textAt(one, 'PayloadIdentifier')))
  assert.equal(identifiers.size, payloads.size, 'two payloads share an identifier')
  for (const payload of payloads.values()) {
    const type = textAt(payload, 'PayloadType')
    const keys = PAYLOADS[type] ?? assert.fail(`unknown payload ${type}`)
    const common = ['PayloadIdentifier', 'PayloadUUID', 'PayloadVersion', 'PayloadDisplayName']
    assertKeys(type, payload, { ...COMMON, ...keys }, [...common, ...(REQUIRED[type] ?? [])])
  }
}

function assertKeys(
  where: string,
  fields: readonly (readonly [string, string])[],
  keys: Keys,
  required: readonly string[],
): void {
  const seen = new Set<string>()
  for (const [path, value] of fields) {
    const general = path.replace(/(?<=\/)\d+(?=\/|$)/g, '*')
    const type = keys[general] ?? assert.fail(`${where} has no key ${general}`)
    assert.ok(fits(value, type), `${where}: ${path} = ${value}`)
    seen.add(general)
  }
  const together = REQUIRED_TOGETHER.flatMap(([dictionary, members]) =>
    [...seen].some((path) => path.startsWith(dictionary)) ? members.map((key) => dictionary + key) : [],
  )
  for (const key of [...required, ...together]) assert.ok(seen.has(key), `${where} lacks ${key}`)
}

function fits(value: string, type: Type): boolean {
  const number = /^\(integer\) (-?\d+)$/.exec(value)?.[1]
  switch (type) {
    case 'text':
      return true
    case 'integer':
      return number !== undefined
    case 'boolean':
      return /^\(boolean\) (true|false)$/.test(value)
    case 'data':
      return value.startsWith('(data) ')
  }
  if ('from' in type) return number !== undefined && Number(number) >= type.from && Number(number) <= type.to
  return type.some((one) => (typeof one === 'number' ? `(integer) ${String(one)}` : one) === value)
}

function textAt(fields: readonly (readonly [string, string])[], key: string): string {
  return fields.find(([path]) => path === key)?.[1] ?? assert.fail(`no ${key}`)
}

function below(dictionary: string, keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).map(([key, type]) => [`${dictionary}/${key}`, type]))
}
