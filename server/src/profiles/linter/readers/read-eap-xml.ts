import type { EapFacts, EapMethod } from '../profile-facts.ts'
import { EAP } from './eap-namespaces.ts'
import type { XmlPlace } from './xml-place.ts'

const METHODS: Readonly<Record<string, EapMethod>> = {
  13: 'eap-tls',
  21: 'ttls',
  25: 'peap',
  26: 'eap-mschapv2',
}

/** EapHostConfig: EAP settings of Windows, as VPN, Wi-Fi and wired profiles hold them. */
export function readEapHostConfig(host: XmlPlace): readonly EapFacts[] {
  const type = host.at(EAP.host, 'EapMethod')?.child(EAP.common, 'Type')
  const config = host.child(EAP.host, 'Config')
  if (type === undefined || config === undefined) {
    host.fault('value-wrong', 'EapHostConfig needs EapMethod with Type, and Config.')
    return []
  }
  const ttls = config.child(EAP.ttls, 'EapTtls')
  if (ttls !== undefined) return [readTtls(ttls)]
  const eap = config.child(EAP.base, 'Eap')
  if (eap === undefined) return [{ place: config.place, method: METHODS[type.text] ?? 'other' }]
  const facts = readEap(eap, false)
  const declared = eap.child(EAP.base, 'Type')?.text
  if (declared !== type.text) {
    type.fault('contradiction', `EapMethod says type ${type.text}, Config says ${declared ?? 'none'}.`)
  }
  return facts
}

function readEap(eap: XmlPlace, isInner: boolean): readonly EapFacts[] {
  const method = METHODS[eap.child(EAP.base, 'Type')?.text ?? ''] ?? 'other'
  const place = eap.place
  const inside = isInner ? { isInner } : {}
  switch (method) {
    case 'eap-tls': {
      const settings = eap.child(EAP.tls1, 'EapType')
      if (settings === undefined) return [{ place, method, ...inside, checksServer: false }]
      const validation = settings.child(EAP.tls1, 'ServerValidation')
      const checks = settings.flag(EAP.tls2, 'PerformServerValidation')
      const accepts = settings.flag(EAP.tls2, 'AcceptServerName')
      const server = serverFacts(validation, EAP.tls1, checks, accepts)
      return [{ place, method, ...inside, ...server, ...filterFacts(settings) }]
    }
    case 'peap': {
      const settings = eap.child(EAP.peap1, 'EapType')
      if (settings === undefined) return [{ place, method, ...inside, checksServer: false }]
      const extensions = settings.child(EAP.peap1, 'PeapExtensions')
      const checks = extensions?.flag(EAP.peap2, 'PerformServerValidation')
      const accepts = extensions?.flag(EAP.peap2, 'AcceptServerName')
      const server = serverFacts(settings.child(EAP.peap1, 'ServerValidation'), EAP.peap1, checks, accepts)
      const binding = settings.flag(EAP.peap1, 'RequireCryptoBinding')
      const inner = settings.child(EAP.base, 'Eap')
      const innerFacts = inner === undefined ? [] : readEap(inner, true)
      return [
        {
          place,
          method,
          ...inside,
          ...server,
          cryptoBinding: binding ?? false,
          inner: innerFacts[0]?.method ?? 'none',
        },
        ...innerFacts,
      ]
    }
    default:
      return [{ place, method, ...inside }]
  }
}

function serverFacts(
  validation: XmlPlace | undefined,
  namespace: string,
  checks: boolean | undefined,
  acceptsNames: boolean | undefined,
): Partial<EapFacts> {
  if (validation === undefined || checks === false) return { checksServer: false }
  const names = (validation.child(namespace, 'ServerNames')?.text ?? '')
    .split(';')
    .filter((name) => name !== '')
  const anchors = validation.all(namespace, 'TrustedRootCA')
  for (const anchor of anchors) {
    if (!/^([0-9a-f]{2} ){19}[0-9a-f]{2} ?$/i.test(anchor.element.text)) {
      anchor.fault(
        'value-wrong',
        'TrustedRootCA is no SHA-1 thumbprint of twenty octets in hex with blanks between.',
      )
    }
  }
  const prompts = validation.flag(namespace, 'DisableUserPromptForServerValidation')
  return {
    checksServer: true,
    // AcceptServerName: false means that the names are not looked at.
    serverNames: { names: acceptsNames === false ? [] : names, arePatterns: true },
    anchors: anchors.map(({ text }) => text.replace(/\s/g, '').toLowerCase()),
    asksPerson: prompts !== true,
  }
}

/** By what Windows picks a certificate: issuers count as much as usages. */
function filterFacts(settings: XmlPlace): Partial<EapFacts> {
  const filtering = settings.child(EAP.tls2, 'TLSExtensions')?.child(EAP.tls3, 'FilteringInfo')
  if (filtering === undefined) return { keyUsageFilter: [] }
  const issuers = filtering.child(EAP.tls3, 'CAHashList')?.all(EAP.tls3, 'IssuerHash') ?? []
  const mapping = filtering.child(EAP.tls3, 'EKUMapping')?.all(EAP.tls3, 'EKUMap') ?? []
  const oids = new Map(
    mapping.map((map) => [
      map.child(EAP.tls3, 'EKUName')?.text ?? '',
      map.child(EAP.tls3, 'EKUOID')?.text ?? '',
    ]),
  )
  const listed = filtering.child(EAP.tls3, 'ClientAuthEKUList')?.all(EAP.tls3, 'EKUMapInList') ?? []
  const names = listed.map((one) => one.child(EAP.tls3, 'EKUName')?.text ?? '')
  if (names.length === 0) return issuers.length > 0 ? {} : { keyUsageFilter: [] }
  return {
    keyUsageFilter: names.map(
      (name) => oids.get(name) ?? (name === 'Client Authentication' ? '1.3.6.1.5.5.7.3.2' : name),
    ),
  }
}

function readTtls(ttls: XmlPlace): EapFacts {
  const validation = ttls.child(EAP.ttls, 'ServerValidation')
  const phase2 = ttls.child(EAP.ttls, 'Phase2Authentication')
  const inner = phase2?.element.children[0]?.name
  const names = (validation?.child(EAP.ttls, 'ServerNames')?.text ?? '')
    .split(';')
    .filter((name) => name !== '')
  return {
    place: ttls.place,
    method: 'ttls',
    checksServer: validation !== undefined,
    serverNames: { names, arePatterns: true },
    anchors: (validation?.all(EAP.ttls, 'TrustedRootCAHash') ?? []).map(({ text }) =>
      text.replace(/\s/g, '').toLowerCase(),
    ),
    asksPerson: validation?.flag(EAP.ttls, 'DisablePrompt') !== true,
    inner: inner === undefined ? 'none' : (TTLS_INNER[inner] ?? inner),
  }
}

const TTLS_INNER: Readonly<Record<string, string>> = {
  PAPAuthentication: 'pap',
  CHAPAuthentication: 'chap',
  MSCHAPAuthentication: 'mschap',
  MSCHAPv2Authentication: 'mschapv2',
  Eap: 'eap',
}
