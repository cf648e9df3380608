import { Challenges } from '../../enrolment/challenges/challenges.ts'
import { withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import { CLIENT_OUTPUTS } from '../../profiles/client-outputs.ts'
import type { ProfileOutput } from '../../profiles/profile-output.ts'
import type { CertificateIssuing } from '../api/certificate-issuing.ts'
import type { ApiParts } from '../api-services.ts'
import { PersonCertificates } from './person-certificates.ts'
import { ProfileMaker } from './profile-maker.ts'
import { ProfileSigner } from './profile-signer.ts'

export type ProfileMakerParts = Pick<
  ApiParts,
  | 'configuration'
  | 'authority'
  | 'specialCertificates'
  | 'registration'
  | 'identities'
  | 'statusActions'
  | 'clock'
  | 'logging'
> & { readonly stores: Pick<ApiParts['stores'], 'challenges' | 'anchors'> }

/** The maker of files over the parts of the house. */
export function profileMaker(
  {
    configuration,
    authority,
    specialCertificates,
    registration,
    identities,
    statusActions,
    stores,
    clock,
    logging,
  }: ProfileMakerParts,
  issuing: Pick<CertificateIssuing, 'container'>,
  outputs: readonly ProfileOutput[] = CLIENT_OUTPUTS,
): ProfileMaker {
  const served = () => configuration.snapshot.configuration
  const challenges = new Challenges({
    ...{ challenges: stores.challenges, identities, clock },
    templates: () => withBuiltIn(served().certificateTemplates),
    minutes: () => served().enrolment.scep.challengeMinutes,
  })
  const certificates = new PersonCertificates({
    ...{ configuration: served, issuing, registration, challenges, statusActions },
    root: () => authority.root,
  })
  const signer = new ProfileSigner({ authority, specialCertificates, clock })
  return new ProfileMaker({
    ...{ configuration: served, authority, outputs, certificates, signer, anchors: stores.anchors, clock },
    log: logging.for('pki'),
  })
}
