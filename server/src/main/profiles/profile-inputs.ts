import { type Certificate, derOrPem, isSelfIssued, parseCertificate } from '@sallyport/pki'
import type { Configuration, ConnectionConfiguration, Language } from '../../config/schema.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { EnrolmentIdentity } from '../../enrolment/registration/requester.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { ProfileCertificate, ProfileInput, ProfilePerson } from '../../profiles/profile-input.ts'
import { unknownName } from './unknown-name.ts'
import { withWindowsEnrolment } from './windows-enrolment.ts'

export interface ProfileWish {
  readonly person?: ProfilePerson
  readonly certificate?: ProfileCertificate
  readonly language?: Language
}

/** What files are made of: the configuration with everything filled in that it leaves to other sections and the CA. */
export function profileInput(
  configuration: Configuration,
  authority: Pick<CertificateAuthority, 'anchors' | 'caCertificates'>,
  connection: ConnectionConfiguration,
  { language, certificate: brought, ...wish }: ProfileWish,
): ProfileInput {
  const { organization, settings } = configuration
  const names = connection.serverNames.length > 0 ? connection.serverNames : [settings.serverName]
  const certificate = withWindowsEnrolment(brought, configuration, connection)
  const gateway = connection.kind === 'vpn' ? connection.gateways[0]?.address : undefined
  return {
    organization: { ...organization, identifier: organization.identifier ?? gateway ?? settings.serverName },
    connection,
    radiusServer: { names, anchors: anchorsOf(connection.anchors, authority) },
    gatewayAnchors: anchorsOf(
      connection.kind === 'vpn' ? connection.gatewayAnchors : connection.anchors,
      authority,
    ),
    intermediates: authority.caCertificates.filter((certificate) => !isSelfIssued(certificate)),
    language: language ?? organization.language,
    ...(certificate !== undefined && { certificate }),
    ...wish,
  }
}

/** The served connection of this name. @throws RequestError 'connection-not-found', 'connection-disabled' */
export function connectionOf({ connections }: Configuration, name: string): ConnectionConfiguration {
  const connection = connections.find((one) => one.name === name)
  if (connection === undefined) {
    const known = connections.map((one) => one.name)
    throw unknownName('connection-not-found', {
      ...{ what: 'connection', name, known, list: 'npx sallyport connections' },
    })
  }
  if (connection.enabled) return connection
  throw new RequestError('connection-disabled', `Connection "${name}" is disabled.`, { connection: name })
}

export function personOf(identity: EnrolmentIdentity): ProfilePerson {
  const { name, realm, upn, displayName, email } = identity
  return {
    userName: realm === undefined ? name : `${name}@${realm}`,
    ...(upn !== undefined && { upn }),
    ...(displayName !== undefined && { displayName }),
    ...(email !== undefined && { email }),
  }
}

function anchorsOf(
  pems: readonly string[] | undefined,
  authority: Pick<CertificateAuthority, 'anchors'>,
): readonly Certificate[] {
  return pems?.map((pem) => parseCertificate(derOrPem('CERTIFICATE', pem))) ?? authority.anchors
}
