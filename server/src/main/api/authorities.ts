import { encodePem, nameText } from '@sallyport/pki'
import { AuthorityStore } from '../../enrolment/authority/authority-store.ts'
import type { KeyWish } from '../../enrolment/authority/create-authority.ts'
import { type KeptAuthority, pemOf } from '../../enrolment/authority/kept-authority.ts'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import type {
  Authority,
  AuthorityList,
  AuthorityRequest,
  NewAuthority,
  Services,
} from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function authorityApi({
  authority,
  rollover,
  reader,
  stores,
  clock,
  caChanged,
}: Pick<
  ApiParts,
  'authority' | 'rollover' | 'reader' | 'stores' | 'clock' | 'caChanged'
>): Services['authorities'] {
  const read = new AuthorityStore(reader.kysely)
  const list = async (): Promise<AuthorityList> => {
    const state = await rollover.state()
    const requested = (await read.list()).filter((record) => record.state === 'requested')
    return {
      items: authority.all.map(itemOf),
      requests: requested.map(requestOf),
      anchors: pemOf(authority.anchors),
      certificates: pemOf(authority.caCertificates),
      ...(state !== undefined && {
        next: {
          keyId: state.prepared.keyId,
          anchor: state.anchor.fingerprint,
          anchorIsNew: state.anchorIsNew,
          ...state.progress,
        },
      }),
    }
  }
  /** Clients that take over our CA certificates are told from now on, and our own workers. */
  const announced = async (prepared: KeptAuthority): Promise<Authority> => {
    await caChanged()
    return itemOf(prepared)
  }
  return {
    list,
    prepare: async (wish) => await announced(await rollover.prepare(keyWish(wish), wish.sameRoot)),
    request: async (wish) => requestOf(await rollover.request(keyWish(wish), wish.commonName)),
    install: async (certificates) => await announced(await rollover.install(certificates)),
    import: async (file) =>
      await announced(
        await rollover.import(
          'pkcs12' in file ? { ...file, pkcs12: Uint8Array.fromBase64(file.pkcs12) } : file,
        ),
      ),
    discard: async (keyId) => {
      await rollover.discard(keyId)
      await caChanged()
    },
    switch: async (force) => {
      await rollover.switch(force)
      if (!(await caChanged())) {
        const message = 'The CA is switched, but our servers could not be given its certificates yet.'
        throw new UpstreamError('ca-not-served', message)
      }
      return await list()
    },
    confirm: async (names) => {
      const state = await rollover.state()
      if (state === undefined) throw new RequestError('ca-not-prepared', 'No CA is prepared.')
      return await stores.anchors.confirm(names, state.anchor.fingerprint, clock.now())
    },
  }
}

function keyWish({ key, token }: Pick<NewAuthority, 'key' | 'token'>): KeyWish {
  return { algorithm: key, ...(token !== undefined && { token: { token: token.label, pin: token.pin } }) }
}

function itemOf({ keyId, role, state, origin, certificate, token }: KeptAuthority): Authority {
  return {
    ...{ keyId, role, state, origin, fingerprint: certificate.fingerprint },
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    notBefore: instant(certificate.notBefore),
    notAfter: instant(certificate.notAfter),
    key: keyText(certificate.publicKey),
    ...optional('token', token),
    certificate: encodePem('CERTIFICATE', certificate.der),
  }
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function keyText(key: KeptAuthority['certificate']['publicKey']): string {
  const { modulusLength, namedCurve = '' } = key?.asymmetricKeyDetails ?? {}
  return modulusLength === undefined ? (CURVES[namedCurve] ?? 'other') : `RSA-${modulusLength}`
}

function requestOf(record: {
  readonly key_id: string
  readonly created_at: number
  readonly request: string | null
}): AuthorityRequest {
  return { keyId: record.key_id, createdAt: instant(record.created_at), request: record.request ?? '' }
}
