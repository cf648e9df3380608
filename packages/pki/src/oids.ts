/** Object identifiers, by the names their specifications give them. */

/** RFC 5280 section 4.2 and appendix A; Microsoft's from MS-WCCE section 2.2.2.7. */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  cRLNumber: '2.5.29.20',
  cRLReason: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ntdsCaSecurity: '1.3.6.1.4.1.311.25.2',
  certificateTemplateName: '1.3.6.1.4.1.311.20.2',
  certificateTemplate: '1.3.6.1.4.1.311.21.7',
  applicationPolicies: '1.3.6.1.4.1.311.21.10',
} as const

/** Extended key usages, RFC 5280 section 4.2.1.12 and others. */
export const EKU = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  smartCardLogon: '1.3.6.1.4.1.311.20.2.2',
  enrolmentAgent: '1.3.6.1.4.1.311.20.2.1',
  pkinitClient: '1.3.6.1.5.2.3.4',
  kerberosKdc: '1.3.6.1.5.2.3.5',
  cmcRegistrationAuthority: '1.3.6.1.5.5.7.3.28',
  anyApplicationPolicy: '1.3.6.1.4.1.311.10.12.1',
  caExchange: '1.3.6.1.4.1.311.21.5',
  keyRecoveryAgent: '1.3.6.1.4.1.311.21.6',
  ikeIntermediate: '1.3.6.1.5.5.8.2.2',
} as const

export const ANY_POLICY = '2.5.29.32.0'

export const OTHER_NAME = {
  /** Microsoft user principal name: UTF8String. */
  upn: '1.3.6.1.4.1.311.20.2.3',
  /** Inside the SID extension (KB5014754): OCTET STRING of ASCII text. */
  sid: '1.3.6.1.4.1.311.25.2.1',
} as const

export const ACCESS_METHOD = { caIssuers: '1.3.6.1.5.5.7.48.2', ocsp: '1.3.6.1.5.5.7.48.1' } as const

/** RFC 6960 section 4. */
export const OCSP = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  noCheck: '1.3.6.1.5.5.7.48.1.5',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
} as const

/** PKCS #9 (RFC 2985) and the older Microsoft form of the same attribute. */
export const EXTENSION_REQUEST = ['1.2.840.113549.1.9.14', '1.3.6.1.4.1.311.2.1.14'] as const

/** Attributes of requests: PKCS #9 (RFC 2985), and Microsoft's (MS-WCCE section 2.2.2.7). */
export const ATTRIBUTE = {
  challengePassword: '1.2.840.113549.1.9.7',
  enrolmentNameValuePair: '1.3.6.1.4.1.311.13.2.1',
} as const

/** Attribute types of names with the short names of RFC 4514 section 3; those without one are written as OIDs. */
export const ATTRIBUTE_TYPE = {
  CN: '2.5.4.3',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  C: '2.5.4.6',
  STREET: '2.5.4.9',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
} as const

export const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'
