import type { ResumptionStore, TlsEngine } from '@sallyport/eap'
import { type EapScope, eapMethods } from '../access/eap/eap-methods.ts'
import { IdentityVerifier } from '../access/eap/identity-verifier.ts'
import { presentedCertificate } from '../access/eap/presented-certificate.ts'
import { methodsByCertificate, ServerCertificateChoice } from '../access/eap/server-certificate-choice.ts'
import { compileProxies } from '../access/proxy/realm-proxy.ts'
import type { Served } from '../access/served.ts'
import { type ServedClient, serveClient } from '../access/served-client.ts'
import { AclCatalogue } from '../access/vendors/acl-catalogue.ts'
import { ClientTable } from '../config/client-table.ts'
import type { Configuration } from '../config/schema.ts'
import type { ClientCertificateCheck } from '../enrolment/client-certificate-check.ts'
import type { RevocationGate } from '../enrolment/revocation/revocation-gate.ts'
import { RealmTable } from '../identity/realms.ts'
import type { Clock } from '../kernel/clock.ts'
import { connectionsByPortId } from '../profiles/gateways/strongswan/sections.ts'
import { certificateJudge } from './certificate-judge.ts'
import { compileJudgement, type JudgementContext } from './compile-judgement.ts'
import type { RadiusState } from './radius-services.ts'

/** What outlives a configuration version in a worker. */
export interface CompileContext extends JudgementContext {
  readonly clock: Clock
  readonly engine: TlsEngine
  readonly resumption: ResumptionStore
  readonly certificateCheck: ClientCertificateCheck
  readonly revocationGate: RevocationGate
}

export interface Compiled {
  readonly served: Served
  readonly clients: ClientTable<ServedClient>
  readonly clientsByName: ReadonlyMap<string, ServedClient>
  readonly configuration: Configuration
}

/** From plain data to what answers requests. Throws where a part cannot be built; the old one then keeps serving. */
export async function compileSnapshot(state: RadiusState, context: CompileContext): Promise<Compiled> {
  const { snapshot, certificates, trust } = state
  const { configuration } = snapshot
  const { clock, engine, resumption, certificateCheck, revocationGate } = context
  const judgement = await compileJudgement(snapshot, context)
  const own = configuration.trust.find((entry) => entry.kind === 'own')?.name
  const realms = new RealmTable(configuration.realms)
  const judge = certificateJudge({
    ...{ check: certificateCheck, gate: revocationGate, realms, ownAuthority: own, clock },
  })
  const verifier = new IdentityVerifier(judgement.order, judge, clock)
  const clientAuthorities = trust.authorities.flatMap(({ anchors, intermediates }) => [
    ...anchors,
    ...intermediates,
  ])
  const common = { engine, verifier, clientAuthorities, resumption }
  const served: Served = {
    ...judgement,
    proxies: compileProxies(configuration.realms),
    reservationSeconds: configuration.settings.sessions.reservationSeconds,
    serverCertificates: new ServerCertificateChoice(certificates, (identity) => {
      const choice = realms.choose(identity)
      return choice.kind === 'realm' ? choice.realm.name : undefined
    }),
    eapMethods: methodsByCertificate(
      new Map(
        certificates.map((shown) => [
          shown.name,
          eapMethods({ ...common, certificates: shown.certificates }),
        ]),
      ),
      // EapLogin gives every conversation an EapScope, and chooses before it offers a method.
      (scope) => (scope as EapScope).serverCertificate ?? '',
    ),
    downloads: new AclCatalogue(configuration.profiles),
    presented: new Map(
      certificates.flatMap(({ name, certificates: shown }) => {
        const presented = presentedCertificate(shown)
        return presented === undefined ? [] : [[name, presented] as const]
      }),
    ),
  }
  const byName = new Map(
    configuration.clients.map((client) => [
      client.name,
      serveClient(client, connectionsByPortId(configuration, client.name)),
    ]),
  )
  const clients = new ClientTable(
    snapshot.clientAddresses.flatMap(({ client, networks }) => {
      const value = byName.get(client)
      return value === undefined ? [] : [{ networks, value }]
    }),
  )
  return { served, clients, clientsByName: byName, configuration }
}
