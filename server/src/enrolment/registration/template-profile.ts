import { createHash } from 'node:crypto'
import { type CertificateTemplate, EKU } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { TemplateBase, TemplateName } from '../../config/sections/certificate-templates.ts'

export type CommonName = NonNullable<CertificateTemplateConfiguration['commonName']>

/** What a template means once its base has filled in what it does not set itself. */
export interface TemplateProfile {
  /** Whom it is for. `device`: with or without an account; `server`: a name more than an account. */
  readonly holder: 'person' | 'computer' | 'device' | 'server'
  readonly extendedKeyUsages: readonly string[]
  readonly subjectAltNames: readonly TemplateName[]
  readonly commonName: CommonName
  /** By which Windows knows it. */
  readonly oid: string
  /** For the issuing function of the package. */
  readonly issuing: CertificateTemplate
}

interface Base {
  readonly holder: TemplateProfile['holder']
  readonly extendedKeyUsages: readonly string[]
  readonly subjectAltNames: readonly TemplateName[]
  readonly commonName: CommonName
}

const SERVER = { holder: 'server', subjectAltNames: ['dns'], commonName: 'dns' } as const

const BASES: Readonly<Record<TemplateBase, Base>> = {
  user: {
    holder: 'person',
    extendedKeyUsages: [EKU.clientAuth],
    subjectAltNames: ['upn', 'email', 'account-uri'],
    commonName: 'name',
  },
  computer: {
    holder: 'computer',
    extendedKeyUsages: [EKU.clientAuth],
    subjectAltNames: ['dns', 'account-uri'],
    commonName: 'dns',
  },
  device: {
    holder: 'device',
    extendedKeyUsages: [EKU.clientAuth],
    subjectAltNames: ['device-uri', 'upn', 'account-uri'],
    commonName: 'device-id',
  },
  'radius-server': { ...SERVER, extendedKeyUsages: [EKU.serverAuth] },
  // RFC 4945 section 5.1.3.12 knows the second one; older Apple systems ask for it.
  'vpn-gateway': { ...SERVER, extendedKeyUsages: [EKU.serverAuth, EKU.ikeIntermediate] },
  // A RadSec node is client and server in turn (RFC 6614 section 2.3).
  radsec: { ...SERVER, extendedKeyUsages: [EKU.clientAuth, EKU.serverAuth] },
  'web-server': { ...SERVER, extendedKeyUsages: [EKU.serverAuth] },
}

export function profileOf(template: CertificateTemplateConfiguration): TemplateProfile {
  const base = BASES[template.base]
  const extendedKeyUsages = template.extendedKeyUsages ?? base.extendedKeyUsages
  return {
    holder: base.holder,
    extendedKeyUsages,
    subjectAltNames: template.subjectAltNames ?? base.subjectAltNames,
    commonName: template.commonName ?? base.commonName,
    oid: template.oid ?? oidFor(template.name),
    issuing: {
      name: template.name,
      keyUsage: ['digitalSignature'],
      // TLS 1.2 without ephemeral keys encrypts to the server's RSA key.
      ...(base.holder === 'server' && { rsaKeyUsage: ['keyEncipherment'] }),
      extendedKeyUsage: extendedKeyUsages,
      requires: [],
    },
  }
}

/** Whether somebody could log in with it. */
export function isForClients({ extendedKeyUsages }: TemplateProfile): boolean {
  const logins: readonly string[] = [
    EKU.clientAuth,
    EKU.smartCardLogon,
    EKU.pkinitClient,
    EKU.any,
    EKU.anyApplicationPolicy,
  ]
  return extendedKeyUsages.length === 0 || extendedKeyUsages.some((oid) => logins.includes(oid))
}

/**
 * The arc in which an organisation numbers its own templates without registering (MS-CRTD: AD CS does the same with
 * random numbers). Six numbers of 24 bits, because Windows takes none above 32 bits; made of the name, so that every
 * node and every later start says the same.
 */
function oidFor(name: string): string {
  const octets = createHash('sha256').update(`sallyport certificate template ${name}`).digest()
  const arcs = Array.from({ length: 6 }, (_, index) => octets.readUIntBE(index * 3, 3))
  return ['1.3.6.1.4.1.311.21.8', ...arcs].join('.')
}
