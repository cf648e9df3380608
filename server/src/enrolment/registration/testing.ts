import type { KeyObject } from 'node:crypto'
import {
  type AttributeName,
  createCertificationRequest,
  distinguishedName,
  type Extension,
  generateKeyPairFor,
} from '@sallyport/pki'
import { type CertificateTemplateConfiguration, certificateTemplateSchema } from '../../config/schema.ts'
import { Logging } from '../../kernel/logging.ts'
import { openAuthorityBench } from '../testing.ts'
import { CertificateRequestStore } from './certificate-request-store.ts'
import { RegistrationAuthority } from './registration-authority.ts'
import type { EnrolmentIdentities, EnrolmentIdentity, IdentityAnswer } from './requester.ts'

export const ALICE: EnrolmentIdentity = {
  kind: 'person',
  id: 'corp/a1',
  source: 'corp',
  name: 'alice',
  upn: 'alice@corp.example.org',
  displayName: 'Alice Example',
  email: 'alice@example.org',
  sid: 'S-1-5-21-1-2-3-1104',
  groups: ['VPN Users'],
}

export const LAPTOP: EnrolmentIdentity = {
  kind: 'computer',
  id: 'corp/c1',
  source: 'corp',
  name: 'LAPTOP$',
  dnsName: 'laptop.corp.example.org',
  sid: 'S-1-5-21-1-2-3-1200',
  groups: ['Domain Computers'],
}

/** A template with its defaults; members of the groups above may enrol. */
export function template(settings: object = {}): CertificateTemplateConfiguration {
  const enrol = { groups: ['VPN Users', 'Domain Computers'] }
  return certificateTemplateSchema.parse({ name: 'user', enrol, ...settings })
}

/** Accounts of a directory that a test may change. */
export class FakeIdentities implements EnrolmentIdentities {
  readonly answers = new Map<string, IdentityAnswer>(
    [ALICE, LAPTOP].map((identity) => [identity.id, { kind: 'known', identity }]),
  )

  async authenticate(): Promise<IdentityAnswer> {
    throw new Error('not asked here')
  }

  async find(name: string): Promise<IdentityAnswer> {
    const all = [...this.answers.values()]
    const found = all.find((answer) => answer.kind === 'known' && answer.identity.name === name)
    return found ?? { kind: 'refused', reason: { code: 'user-not-found', values: { user: name } } }
  }

  async byId(id: string, name: string): Promise<IdentityAnswer> {
    return (
      this.answers.get(id) ?? { kind: 'refused', reason: { code: 'user-not-found', values: { user: name } } }
    )
  }
}

/** A registration authority over SQLite with a clock that stands still. */
export async function openRegistrationBench(...first: CertificateTemplateConfiguration[]) {
  const { parts, authority, database, change } = await openAuthorityBench()
  const { clock, store: certificates } = parts
  const templates = first.length === 0 ? [template()] : first
  const identities = new FakeIdentities()
  const requests = new CertificateRequestStore(database.kysely)
  const all = {
    ...{ authority, requests, certificates, identities, clock },
    templates: () => templates,
    log: new Logging({ clock, level: 'silent' }).for('pki'),
  }
  return { ...all, parts: all, database, change, templates, registration: new RegistrationAuthority(all) }
}

export interface MadeRequest {
  readonly request: Uint8Array
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

/** PKCS #10 of a fresh key, or of the one given. */
export function makeRequest(
  wish: {
    readonly subject?: readonly (readonly [AttributeName, string])[]
    readonly extensions?: readonly Extension[]
    readonly attributes?: readonly { readonly type: string; readonly values: readonly Uint8Array[] }[]
    readonly keys?: MadeRequest['keys']
  } = {},
): MadeRequest {
  const { subject = [['CN', 'whatever']], extensions = [], attributes = [] } = wish
  const keys = wish.keys ?? generateKeyPairFor('p256')
  const request = createCertificationRequest({
    ...{ ...keys, extensions, attributes },
    subject: distinguishedName(...subject),
  })
  return { request, keys }
}
