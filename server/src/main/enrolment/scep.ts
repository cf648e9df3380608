import { OwnChallenges } from '../../enrolment/challenges/challenge-proof.ts'
import { ChosenChallenges } from '../../enrolment/challenges/chosen-challenges.ts'
import { OutsideChallenges } from '../../enrolment/challenges/outside-challenges.ts'
import { ValidationClient } from '../../enrolment/challenges/validation-client.ts'
import { ScepAuthority } from '../../enrolment/scep/scep-authority.ts'
import { ScepService } from '../../enrolment/scep/scep-service.ts'
import { ScepTransactions } from '../../enrolment/scep/scep-transactions.ts'
import type { EnrolmentParts } from './enrolment-services.ts'

/** The SCEP server over the parts of the house. */
export function scepService(parts: EnrolmentParts): ScepService {
  const { authority, specialCertificates, certificates, identities, registration, stores, clock } = parts
  const served = () => parts.configuration.snapshot.configuration
  const scepAuthority = new ScepAuthority({
    ...{ authority, certificates },
    special: specialCertificates,
    crl: (keyId) => {
      const published = parts.publication.crl(keyId, 'full')
      return published === undefined || published === 'ended' ? undefined : published.der
    },
  })
  return new ScepService({
    settings: () => served().enrolment.scep,
    authority: scepAuthority,
    transactions: new ScepTransactions({
      authority: scepAuthority,
      challenges: new ChosenChallenges({
        own: new OwnChallenges({ challenges: stores.challenges, identities, clock }),
        chosen: () => served().enrolment.scep.challengeValidation,
        validators: () => served().challengeValidators,
        outside: (settings) =>
          new OutsideChallenges({
            ...{ settings, identities, clock },
            client: new ValidationClient(settings, clock),
            challenges: stores.challenges,
            log: parts.logging.for('pki'),
          }),
      }),
      ...{ identities, registration, clock },
      transactions: stores.scepTransactions,
    }),
    clock,
    log: parts.logging.for('pki'),
  })
}
