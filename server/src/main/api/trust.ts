import { certificateNames } from '@sallyport/pki'
import type { RevocationService, RevocationState } from '../../enrolment/revocation/revocation-service.ts'
import { readChain } from '../../enrolment/server-certificate-check.ts'
import type { ClientTrust, TrustedAuthority } from '../../enrolment/trust.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Services, TrustedCa } from '../../listeners/https/services.ts'
import { instant, optional } from './instant.ts'

/** @param trust what client certificates are checked against now */
export function trustApi(trust: () => ClientTrust, revocation: RevocationService): Services['trust'] {
  const shown = (authority: TrustedAuthority) => trustedCa(authority, revocation.state(authority.name))
  return {
    list: async () => trust().authorities.map(shown),
    refresh: async (name) => {
      const authority = trust().authorities.find((entry) => entry.name === name)
      if (authority === undefined) {
        throw new RequestError('trust-not-found', `There is no trusted CA "${name}".`, { name })
      }
      await revocation.refresh(name)
      return shown(authority)
    },
  }
}

function trustedCa(authority: TrustedAuthority, state: RevocationState): TrustedCa {
  const { name, anchors, intermediates, purpose, revocation } = authority
  const none = { clients: [], realms: [], extendedKeyUsages: [] }
  return {
    name,
    kind: revocation === undefined ? 'own' : 'pem',
    certificates: [...anchors, ...intermediates].flatMap(readChain).map((certificate) => {
      const { subject, notAfter } = certificateNames(certificate)
      return { subject, notAfter }
    }),
    purpose: purpose ?? none,
    check: revocation?.check ?? 'own',
    ...optional('whenUnreachable', revocation?.whenUnreachable),
    lists: state.lists.map(({ url, crl, fetchedAt, lastError }) => ({
      url,
      ...(crl === undefined ? {} : { thisUpdate: instant(crl.thisUpdate), revoked: crl.revoked.size }),
      ...optional('number', crl?.number),
      ...optional('nextUpdate', crl?.nextUpdate === undefined ? undefined : instant(crl.nextUpdate)),
      ...optional('fetchedAt', fetchedAt === undefined ? undefined : instant(fetchedAt)),
      ...optional('lastError', errorText(lastError)),
    })),
    responders: state.responders.map(({ host, answeredAt, lastError, isOpen }) => ({
      host,
      leftAlone: isOpen,
      ...optional('answeredAt', answeredAt === undefined ? undefined : instant(answeredAt)),
      ...optional('lastError', errorText(lastError)),
    })),
  }
}

function errorText(error: { readonly at: number; readonly detail: string } | undefined) {
  return error === undefined ? undefined : { at: instant(error.at), detail: error.detail }
}
