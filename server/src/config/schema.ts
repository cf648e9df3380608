import * as z from 'zod'
import { certificateTemplateSchema } from './sections/certificate-templates.ts'
import {
  type ChallengeValidatorConfiguration,
  challengeValidatorSchema,
} from './sections/challenge-validators.ts'
import { type ClientConfiguration, clientSchema } from './sections/clients.ts'
import { type ConnectionConfiguration, connectionSchema } from './sections/connections.ts'
import { enrolmentSchema } from './sections/enrolment.ts'
import { gatewaySchema } from './sections/gateways.ts'
import { type MailConfiguration, mailSchema } from './sections/mail.ts'
import { organizationSchema } from './sections/organization.ts'
import { profileSchema } from './sections/profiles.ts'
import { realmSchema } from './sections/realms.ts'
import { ruleSchema } from './sections/rules.ts'
import {
  type ServerCertificateConfiguration,
  serverCertificateSchema,
} from './sections/server-certificates.ts'
import { settingsSchema } from './sections/settings.ts'
import { type SourceConfiguration, sourceSchema } from './sections/sources.ts'
import { trustSchema } from './sections/trust.ts'
import { type UpstreamConfiguration, upstreamSchema } from './sections/upstreams.ts'

/**
 * The configuration: everything an administrator decides, except the data (users, groups), which a feature adds as a
 * `DataSection`. One schema per section, one file per schema.
 */
export const configurationSchema = z.strictObject({
  settings: settingsSchema.prefault({}).describe('Server-wide settings'),
  clients: z.array(clientSchema).default([]).describe('RADIUS clients'),
  sources: z.array(sourceSchema).default([]).describe('Identity sources'),
  upstreams: z.array(upstreamSchema).default([]).describe('RADIUS servers requests are passed on to'),
  realms: z
    .array(realmSchema)
    .default([])
    .describe('Realms: their authentication order, or who is asked instead'),
  serverCertificates: z
    .array(serverCertificateSchema)
    .default([])
    .describe('Server certificates shown to supplicants, besides the built-in one'),
  trust: z
    .array(trustSchema)
    .default([])
    .describe('Certification authorities trusted for client certificates'),
  enrolment: enrolmentSchema.prefault({}).describe('Enrolment of certificates'),
  challengeValidators: z
    .array(challengeValidatorSchema)
    .default([])
    .describe('Outside services that say whether a challenge is theirs'),
  certificateTemplates: z
    .array(certificateTemplateSchema)
    .default([])
    .describe('Certificate templates: what the own CA issues, with which names, to whom'),
  mail: z
    .array(mailSchema)
    .default([])
    .describe('Who is written to when certificates end, and by which server'),
  organization: organizationSchema.prefault({}).describe('Who profiles, guides and pages speak for'),
  connections: z
    .array(connectionSchema)
    .default([])
    .describe('VPN, Wi-Fi and wired connections as people get them'),
  gateways: z
    .array(gatewaySchema)
    .default([])
    .describe('VPN gateways, switches and access points whose settings are written here'),
  profiles: z.array(profileSchema).default([]).describe('Authorization profiles'),
  rules: z.array(ruleSchema).default([]).describe('Policy rules, in order'),
})

/** As written: a secret may be text, `generate` or a reference. Defaults are filled in. */
export type ConfigurationDocument = z.output<typeof configurationSchema>

/** As served: every secret is plain text. Immutable by convention and structured-cloneable. */
export type Configuration = Readonly<
  Omit<
    ConfigurationDocument,
    | 'clients'
    | 'sources'
    | 'upstreams'
    | 'serverCertificates'
    | 'challengeValidators'
    | 'mail'
    | 'connections'
  > & {
    clients: readonly ClientConfiguration[]
    sources: readonly SourceConfiguration[]
    upstreams: readonly UpstreamConfiguration[]
    serverCertificates: readonly ServerCertificateConfiguration[]
    challengeValidators: readonly ChallengeValidatorConfiguration[]
    mail: readonly MailConfiguration[]
    connections: readonly ConnectionConfiguration[]
  }
>

/** Version 0: no client is known and nobody comes in. */
export const EMPTY_CONFIGURATION: Configuration = {
  ...configurationSchema.parse({}),
  clients: [],
  sources: [],
  serverCertificates: [],
  upstreams: [],
  challengeValidators: [],
  mail: [],
  connections: [],
}

export { PASSWORD_STORAGES, type PasswordStorage } from './password-storage.ts'
export {
  type CertificateTemplateConfiguration,
  certificateTemplateSchema,
  type EnrolmentProtocol,
} from './sections/certificate-templates.ts'
export type { ClientConfiguration } from './sections/clients.ts'
export { AUTHENTICATION_METHODS, type AuthenticationMethod } from './sections/connections/common.ts'
export { TUNNEL_TYPES, type TunnelType } from './sections/connections/vpn.ts'
export {
  CONNECTION_KINDS,
  type ConnectionConfiguration,
  type ConnectionKind,
  type VpnConnection,
  type WifiConnection,
  type WiredConnection,
} from './sections/connections.ts'
export {
  DEFAULT_DYNAMIC_AUTHORIZATION,
  type DynamicAuthorizationConfiguration,
  type RecipeConfiguration,
  SESSION_ACTIONS,
  type SessionAction,
} from './sections/dynamic-authorization.ts'
export { type AcmeConfiguration, networkList } from './sections/enrolment/acme.ts'
export type { EnrolmentConfiguration } from './sections/enrolment.ts'
export { GATEWAY_KINDS, type GatewayConfiguration, type GatewayKind } from './sections/gateways.ts'
export type { MailConfiguration } from './sections/mail.ts'
export { LANGUAGES, type Language, type OrganizationConfiguration } from './sections/organization.ts'
export type { ProfileConfiguration } from './sections/profiles.ts'
export type { ProxyConfiguration, RealmConfiguration } from './sections/realms.ts'
export type { RuleConfiguration } from './sections/rules.ts'
export type { ServerCertificateConfiguration } from './sections/server-certificates.ts'
export type { SettingsConfiguration } from './sections/settings.ts'
export type { LdapSourceConfiguration } from './sections/sources/ldap.ts'
export type { LocalSourceConfiguration } from './sections/sources/local.ts'
export type { RadiusSourceConfiguration } from './sections/sources/radius.ts'
export type { TacacsSourceConfiguration } from './sections/sources/tacacs.ts'
export type { WinbindSourceConfiguration } from './sections/sources/winbind.ts'
export type { SourceConfiguration } from './sections/sources.ts'
export type { RevocationRules, TrustConfiguration, TrustPurpose } from './sections/trust.ts'
export type { UpstreamConfiguration } from './sections/upstreams.ts'
export type { Vendor } from './sections/vendors.ts'
