import { createHash } from 'node:crypto'
import { type Certificate, isSelfIssued } from '@sallyport/pki'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { commonNameOf } from './common-name.ts'
import { type Payload, payloadUuid, titleOf } from './mobileconfig.ts'
import type { PlistDict } from './plist.ts'

/** Certificates that are trusted, or complete a chain: each once. */
export function authorityPayloads(input: ProfileInput): readonly Payload[] {
  const { radiusServer, gatewayAnchors, intermediates } = input
  const anchors =
    input.connection.kind === 'vpn' ? [...radiusServer.anchors, ...gatewayAnchors] : radiusServer.anchors
  const all = new Map([...anchors, ...intermediates].map((one) => [one.fingerprint, one]))
  return [...all.values()].map((certificate) => authorityPayload(input, certificate))
}

export function authorityUuid(input: ProfileInput, { fingerprint }: Certificate): string {
  return payloadUuid(input, 'authority', fingerprint)
}

function authorityPayload(input: ProfileInput, certificate: Certificate): Payload {
  return {
    // What is not self-issued is no root, and stays untrusted by itself.
    type: isSelfIssued(certificate) ? 'com.apple.security.root' : 'com.apple.security.pkcs1',
    place: `authority.${certificate.fingerprint.slice(0, 16)}`,
    uuid: authorityUuid(input, certificate),
    title: commonNameOf(certificate) ?? certificate.fingerprint.slice(0, 16),
    keys: {
      PayloadCertificateFileName: `${certificate.fingerprint.slice(0, 16)}.cer`,
      PayloadContent: certificate.der,
    },
  }
}

/** The certificate of the person or the device; undefined where it is there already or none is needed. */
export function identityPayload(input: ProfileInput): Payload | undefined {
  const { certificate } = input
  if (certificate === undefined) return undefined
  const made = identityKeys(certificate)
  if (made === undefined) return undefined
  return {
    type: made.type,
    place: 'identity',
    // Another certificate is another identity: a device that updates the profile asks for it.
    uuid: payloadUuid(input, 'identity', certificate.kind, made.distinction),
    title: input.person?.userName ?? titleOf(input),
    keys: made.keys,
  }
}

interface Identity {
  readonly type: string
  readonly distinction: string
  readonly keys: PlistDict
}

function identityKeys(certificate: ProfileCertificate): Identity | undefined {
  switch (certificate.kind) {
    case 'pkcs12':
      return {
        type: 'com.apple.security.pkcs12',
        distinction: certificate.certificate.fingerprint,
        // Without its password: the device asks for it, and the file alone opens nothing.
        keys: {
          PayloadCertificateFileName: 'identity.p12',
          PayloadContent: certificate.container,
          KeyIsExtractable: false,
        },
      }
    case 'scep':
      return {
        type: 'com.apple.security.scep',
        distinction: certificate.challenge,
        keys: {
          PayloadContent: {
            URL: certificate.url,
            Subject: [[['CN', certificate.commonName]]],
            Challenge: certificate.challenge,
            Keysize: certificate.rsaBits,
            'Key Type': 'RSA',
            // Signs, and answers are encrypted for it (RFC 8894 section 2.3).
            'Key Usage': SIGN_AND_ENCRYPT,
            CAFingerprint: createHash('sha1').update(certificate.root.der).digest(),
            Retries: 3,
            RetryDelay: 10,
            KeyIsExtractable: false,
          },
        },
      }
    case 'acme':
      return {
        type: 'com.apple.security.acme',
        distinction: certificate.clientIdentifier,
        keys: {
          DirectoryURL: certificate.directoryUrl,
          ClientIdentifier: certificate.clientIdentifier,
          KeyType: 'ECSECPrimeRandom',
          KeySize: 256,
          HardwareBound: true,
          Attest: true,
          Subject: [[['CN', certificate.clientIdentifier]]],
          UsageFlags: SIGN,
          ExtendedKeyUsage: [CLIENT_AUTHENTICATION],
          KeyIsExtractable: false,
        },
      }
    case 'est':
    case 'installed':
      return undefined
  }
}

const SIGN = 1
const SIGN_AND_ENCRYPT = 5
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'
