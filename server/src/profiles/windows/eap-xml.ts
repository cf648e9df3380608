import { type XmlNode, xml } from '../xml-text.ts'
import type { EapSettings } from './eap-settings.ts'
import { spacedThumbprint } from './thumbprint.ts'

const PROVISIONING = 'http://www.microsoft.com/provisioning'
const namespace = (name: string) => ({ xmlns: `${PROVISIONING}/${name}` })
const EAP_COMMON = namespace('EapCommon')
const TLS_V2 = namespace('EapTlsConnectionPropertiesV2')
const PEAP_V2 = namespace('MsPeapConnectionPropertiesV2')
/** RFC 5280 section 4.2.1.12. */
const CLIENT_AUTHENTICATION = { name: 'Client Authentication', oid: '1.3.6.1.5.5.7.3.2' }

/** Numbers of EAP types (IANA). */
export const EAP_TYPE = { tls: 13, ttls: 21, peap: 25, mschapv2: 26 } as const
/** EAP-TTLS is a method of its own author, 311 being Microsoft's enterprise number; the others are Windows itself. */
const AUTHOR = { [EAP_TYPE.ttls]: 311 } as const

/**
 * EapHostConfig: how Windows does EAP, for VPN, Wi-Fi and wired alike. The order of children is that of its schemas; each
 * element is in the namespace of the version it came with. The certificate of the RADIUS server is held to roots and names, and
 * nobody is asked to trust another one.
 */
export function eapHostConfig(settings: EapSettings): XmlNode {
  const type = outerType(settings)
  const authorId = type === EAP_TYPE.ttls ? AUTHOR[type] : 0
  return xml(
    'EapHostConfig',
    [
      xml('EapMethod', [
        xml('Type', type, EAP_COMMON),
        xml('VendorId', 0, EAP_COMMON),
        xml('VendorType', 0, EAP_COMMON),
        xml('AuthorId', authorId, EAP_COMMON),
      ]),
      xml('Config', [method(settings)], namespace('EapHostConfig')),
    ],
    namespace('EapHostConfig'),
  )
}

export function outerType({ method }: Pick<EapSettings, 'method'>): (typeof EAP_TYPE)[keyof typeof EAP_TYPE] {
  if (method.startsWith('ttls')) return EAP_TYPE.ttls
  if (method.startsWith('peap')) return EAP_TYPE.peap
  return method === 'eap-tls' ? EAP_TYPE.tls : EAP_TYPE.mschapv2
}

function method(settings: EapSettings): XmlNode {
  switch (settings.method) {
    case 'eap-tls':
      return eapTls(settings)
    case 'eap-mschapv2':
      return eapMschapv2(settings)
    case 'peap-eap-tls':
      return peap(settings, eapTls(settings))
    case 'peap-mschapv2':
      return peap(settings, eapMschapv2(settings))
    case 'ttls-eap-tls':
      return ttls(settings, eapTls(settings))
    case 'ttls-mschapv2':
      return ttls(
        settings,
        xml('MSCHAPv2Authentication', [xml('UseWinlogonCredentials', settings.useLogonCredentials)]),
      )
    case 'ttls-pap':
      return ttls(settings, xml('PAPAuthentication', []))
  }
}

function eap(type: number, eapType: XmlNode): XmlNode {
  return xml('Eap', [xml('Type', type), eapType], namespace('BaseEapConnectionPropertiesV1'))
}

function eapTls(settings: EapSettings): XmlNode {
  const type = xml(
    'EapType',
    [
      xml('CredentialsSource', [xml('CertificateStore', [xml('SimpleCertSelection', true)])]),
      serverValidation(settings),
      xml('DifferentUsername', false),
      xml('PerformServerValidation', true, TLS_V2),
      xml('AcceptServerName', true, TLS_V2),
      xml('TLSExtensions', [certificateFilter(settings)], TLS_V2),
    ],
    namespace('EapTlsConnectionPropertiesV1'),
  )
  return eap(EAP_TYPE.tls, type)
}

/** Only certificates that may log in are looked at: one for e-mail or of another CA would be sent, and refused. */
function certificateFilter({ clientIssuers }: EapSettings): XmlNode {
  const { name, oid } = CLIENT_AUTHENTICATION
  const issuers = clientIssuers.map((issuer) => xml('IssuerHash', spacedThumbprint(issuer)))
  return xml(
    'FilteringInfo',
    [
      issuers.length === 0 ? undefined : xml('CAHashList', issuers, { Enabled: 'true' }),
      xml('EKUMapping', [xml('EKUMap', [xml('EKUName', name), xml('EKUOID', oid)])]),
      xml('ClientAuthEKUList', [xml('EKUMapInList', [xml('EKUName', name)])], { Enabled: 'true' }),
    ],
    namespace('EapTlsConnectionPropertiesV3'),
  )
}

function eapMschapv2({ useLogonCredentials }: EapSettings): XmlNode {
  const type = xml(
    'EapType',
    [xml('UseWinLogonCredentials', useLogonCredentials)],
    namespace('MsChapV2ConnectionPropertiesV1'),
  )
  return eap(EAP_TYPE.mschapv2, type)
}

function peap(settings: EapSettings, inner: XmlNode): XmlNode {
  const { anonymousIdentity } = settings
  const privacy =
    anonymousIdentity === undefined
      ? undefined
      : xml(
          'IdentityPrivacy',
          [xml('EnableIdentityPrivacy', true), xml('AnonymousUserName', anonymousIdentity.peap)],
          PEAP_V2,
        )
  const type = xml(
    'EapType',
    [
      serverValidation(settings),
      xml('FastReconnect', true),
      xml('InnerEapOptional', false),
      inner,
      xml('EnableQuarantineChecks', false),
      // Without it a man in the middle puts a login of another place inside a tunnel of his own.
      xml('RequireCryptoBinding', true),
      xml('PeapExtensions', [
        xml('PerformServerValidation', true, PEAP_V2),
        xml('AcceptServerName', true, PEAP_V2),
        privacy,
      ]),
    ],
    namespace('MsPeapConnectionPropertiesV1'),
  )
  return eap(EAP_TYPE.peap, type)
}

/**
 * Microsoft's published schema calls the roots TrustedRootCAHashes; Windows itself writes TrustedRootCAHash, and so do profiles
 * that are in use.
 */
function ttls(settings: EapSettings, inner: XmlNode): XmlNode {
  const { anonymousIdentity } = settings
  const identity =
    anonymousIdentity === undefined
      ? [xml('IdentityPrivacy', false)]
      : [xml('IdentityPrivacy', true), xml('AnonymousIdentity', anonymousIdentity.ttls)]
  return xml(
    'EapTtls',
    [
      xml('ServerValidation', [
        xml('ServerNames', serverNames(settings)),
        ...settings.roots.map((root) => xml('TrustedRootCAHash', spacedThumbprint(root))),
        xml('DisablePrompt', true),
      ]),
      xml('Phase2Authentication', [inner]),
      xml('Phase1Identity', identity),
    ],
    namespace('EapTtlsConnectionPropertiesV1'),
  )
}

function serverValidation(settings: EapSettings): XmlNode {
  return xml('ServerValidation', [
    xml('DisableUserPromptForServerValidation', true),
    xml('ServerNames', serverNames(settings)),
    ...settings.roots.map((root) => xml('TrustedRootCA', spacedThumbprint(root))),
  ])
}

/** A regular expression each, so a dot that is not escaped stands for any letter. */
function serverNames({ serverNames: names }: EapSettings): string {
  return names.map((name) => name.replaceAll('.', '\\.')).join(';')
}
