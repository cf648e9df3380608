import type { ConfigurationService } from '../../config/apply.ts'
import { AcmeServer } from '../../enrolment/acme/acme-server.ts'
import { AcmeStore } from '../../enrolment/acme/acme-store.ts'
import { Validator } from '../../enrolment/acme/validation/validator.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import { CertificateStore } from '../../enrolment/certificate-store.ts'
import type { Registration } from '../../enrolment/registration/registration.ts'
import type { EnrolmentIdentities } from '../../enrolment/registration/requester.ts'
import type { StatusActions } from '../../enrolment/status/status-action.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logging } from '../../kernel/logging.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Database } from '../../store/database.ts'
import type { RemoteStores } from '../store-thread.ts'

export interface AcmeHouse {
  readonly configuration: ConfigurationService
  readonly authority: CertificateAuthority
  readonly registration: Registration
  readonly identities: EnrolmentIdentities
  readonly reader: Database
  readonly stores: RemoteStores
  readonly sealer: Sealer
  readonly clock: Clock
  readonly logging: Logging
  readonly statusActions: StatusActions
}

/** The ACME server as it stands in this house. */
export function openAcme({
  configuration,
  authority,
  reader,
  stores,
  logging,
  ...house
}: AcmeHouse): AcmeServer {
  const current = () => configuration.snapshot.configuration
  return new AcmeServer({
    registration: house.registration,
    identities: house.identities,
    sealer: house.sealer,
    clock: house.clock,
    store: stores.acme,
    read: new AcmeStore(reader.kysely),
    certificates: new CertificateStore(reader.kysely),
    revoke: async (serial, reason, askedBy) => {
      const { changed } = await house.statusActions.run({ serial, to: 'revoked', reason, askedBy })
      return changed
    },
    issuer: () => ({
      keyIdentifier: authority.issuing.extensions.subjectKeyIdentifier ?? new Uint8Array(),
      notBefore: authority.issuing.notBefore,
    }),
    configuration: current,
    validator: new Validator(() => current().enrolment.acme.validation),
    log: logging.for('pki'),
  })
}
