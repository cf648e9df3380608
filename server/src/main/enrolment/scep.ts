import { OwnChallenges } from '../../enrolment/challenges/challenge-proof.ts'
import { ScepAuthority } from '../../enrolment/scep/scep-authority.ts'
import { ScepService } from '../../enrolment/scep/scep-service.ts'
import { ScepTransactions } from '../../enrolment/scep/scep-transactions.ts'
import type { EnrolmentParts } from './enrolment-services.ts'

/** The SCEP server over the parts of the house. */
export function scepService(parts: EnrolmentParts): ScepService {
  const { authority, specialCertificates, certificates, identities, registration, stores, clock } = parts
  const scepAuthority = new ScepAuthority({
    ...{ authority, certificates },
    special: specialCertificates,
    crl: (keyId) => {
      const published = parts.publication.crl(keyId, 'full')
      return published === undefined || published === 'ended' ? undefined : published.der
    },
  })
  return new ScepService({
    settings: () => parts.configuration.snapshot.configuration.enrolment.scep,
    authority: scepAuthority,
    transactions: new ScepTransactions({
      authority: scepAuthority,
      challenges: new OwnChallenges({ challenges: stores.challenges, identities, clock }),
      ...{ identities, registration, clock },
      transactions: stores.scepTransactions,
    }),
    log: parts.logging.for('pki'),
  })
}
