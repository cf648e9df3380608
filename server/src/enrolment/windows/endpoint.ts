/** How a client proves who it is, by the address it asks at. */
export type EndpointAuthentication = 'kerberos' | 'password' | 'certificate' | 'anonymous'

export interface Endpoint {
  readonly service: 'policy' | 'enrolment'
  readonly authentication: EndpointAuthentication
  /** The policy service for renewals by key. */
  readonly isRenewal: boolean
}

const WORDS = {
  kerberos: 'Kerberos',
  password: 'UsernamePassword',
  certificate: 'Certificate',
  anonymous: 'Anonymous',
} as const satisfies Record<EndpointAuthentication, string>
const BY_WORD: ReadonlyMap<string, EndpointAuthentication> = new Map(
  (Object.keys(WORDS) as EndpointAuthentication[]).map((kind) => [WORDS[kind].toLowerCase(), kind]),
)
const POLICY = /^(KeyBasedRenewal_)?ADPolicyProvider_CEP_(Kerberos|UsernamePassword|Certificate)$/i
const ENROLMENT = /^([A-Za-z0-9-]{1,40})_CES_(Kerberos|UsernamePassword|Certificate|Anonymous)$/i

/** `/ADPolicyProvider_CEP_Kerberos/service.svc/CEP`: the first part of the path. IIS does not tell small from capital letters. */
export function policyEndpoint(part: string): Endpoint | undefined {
  const [, renewal, word] = POLICY.exec(part) ?? []
  if (word === undefined) return undefined
  return { service: 'policy', authentication: authenticationOf(word), isRenewal: renewal !== undefined }
}

/** `/NAME_CES_Kerberos/service.svc/CES`; undefined where it is another authority's. */
export function enrolmentEndpoint(part: string, authorityName: string): Endpoint | undefined {
  const [, name, word] = ENROLMENT.exec(part) ?? []
  if (word === undefined || name?.toLowerCase() !== authorityName.toLowerCase()) return undefined
  return { service: 'enrolment', authentication: authenticationOf(word), isRenewal: false }
}

export function policyUrl(
  base: string,
  authentication: Exclude<EndpointAuthentication, 'anonymous'>,
): string {
  return `${base}/ADPolicyProvider_CEP_${WORDS[authentication]}/service.svc/CEP`
}

export function enrolmentUrl(
  base: string,
  authorityName: string,
  authentication: EndpointAuthentication,
): string {
  return `${base}/${authorityName}_CES_${WORDS[authentication]}/service.svc/CES`
}

function authenticationOf(word: string): EndpointAuthentication {
  // The patterns have no other words.
  return BY_WORD.get(word.toLowerCase()) as EndpointAuthentication
}
