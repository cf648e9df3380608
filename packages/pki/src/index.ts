/**
 * X.509 for the house: certificates, requests, revocation lists, issuing, and path validation (RFC 5280). No storage,
 * no HTTP. Start at `validatePath`, `issueCertificate` and `parseCertificate`.
 */
export { exportSpki, keyIdentifier, keyWeakness } from './algorithms/public-key.ts'
export { isSigner, publicKeyOf, type Signer, type SigningKey } from './algorithms/signer.ts'
export { type Certificate, isSelfIssued, parseCertificate } from './certificate/certificate.ts'
export type {
  CertificateExtensions,
  KeyUsage,
  NameConstraints,
} from './certificate/certificate-extensions.ts'
export { type CertificateNames, certificateNames, serialText } from './certificate/certificate-names.ts'
export type { Extension } from './certificate/extension.ts'
export { type RevocationPointers, revocationPointers } from './certificate/revocation-pointers.ts'
export {
  type CertificateIdentifier,
  encodeIssuerAndSerial,
  identifies,
  parseIssuerAndSerial,
} from './cms/certificate-identifier.ts'
export type { Cipher, Digest } from './cms/cms-algorithms.ts'
export { type CmsAttribute, CmsAttributes, cmsAttribute, signingTime } from './cms/cms-attributes.ts'
export { CMS_ATTRIBUTE, CONTENT_TYPE } from './cms/cms-oids.ts'
export { createEnvelopedData, type EnvelopeOptions } from './cms/create-enveloped-data.ts'
export {
  type CmsSigner,
  createCertsOnly,
  createSignedData,
  type SignedDataRequest,
} from './cms/create-signed-data.ts'
export { type CmsRecipient, type OpenedEnvelope, openEnvelopedData } from './cms/open-enveloped-data.ts'
export { type EnvelopedData, parseEnvelopedData } from './cms/parse-enveloped-data.ts'
export {
  parseSignedData,
  type SignedData,
  type SignerInfo,
  signerCertificate,
} from './cms/parse-signed-data.ts'
export {
  type SignerFault,
  type SignerRules,
  type SignerVerdict,
  verifySignerInfo,
} from './cms/verify-signer-info.ts'
export {
  type CrlEntry,
  type CrlHead,
  type CrlRequest,
  createCrl,
  encodeCrlEntries,
  signCrl,
} from './crl/create-crl.ts'
export { type Crl, parseCrl, verifyCrlSignature } from './crl/crl.ts'
export { CRL_REASONS, type CrlReason } from './crl/crl-reason.ts'
export type { RevokedCertificates, RevokedEntry } from './crl/revoked-certificates.ts'
export {
  type CertificationRequest,
  createCertificationRequest,
  parseCertificationRequest,
} from './csr/certification-request.ts'
export { challengePassword, readChallengePassword } from './csr/challenge-password.ts'
export {
  type CsrAttribute,
  encodeCsrAttributes,
  parseCsrAttributes,
  wantedKey,
  wantedKeyKind,
} from './est/csr-attributes.ts'
export { readEstBody, writeEstBody } from './est/est-body.ts'
export {
  type CertificateTemplate,
  COMPUTER_AUTHENTICATION,
  HTTPS_SERVER,
  MESSAGE_SIGNER,
  OCSP_SIGNER,
  RADIUS_SERVER,
  SCEP_REGISTRATION_AUTHORITY,
  USER_AUTHENTICATION,
} from './issue/certificate-template.ts'

export {
  type AuthorityInfoAccess,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  ocspNoCheck,
  sidExtension,
  subjectAltName as subjectAltNameExtension,
} from './issue/extension-encoders.ts'

export {
  type CertificateIssuer,
  type CertificateRequest,
  createIssuingCertificate,
  createRootCertificate,
  type IssuingRequest,
  issueCertificate,
  type RootRequest,
} from './issue/issue-certificate.ts'
export { generateKeyPairFor, type KeyAlgorithm, type KeyPair } from './issue/key-pair.ts'
export {
  applicationPolicies,
  nameValuePair,
  readApplicationPolicies,
  readNameValuePairs,
  readTemplateInformation,
  readTemplateName,
  type TemplateInformation,
  templateInformation,
  templateName,
} from './issue/microsoft-extensions.ts'
export { newSerialNumber } from './issue/serial-number.ts'
export {
  type AttributeName,
  type DistinguishedName,
  distinguishedName,
  nameText,
  sameName,
} from './names/distinguished-name.ts'
export { type GeneralName, ipOctets, ipText } from './names/general-name.ts'
export { CERT_ID_HASHES, type CertId, type CertIdHash, issuerHashes } from './ocsp/cert-id.ts'
export {
  checkOcspResponse,
  type OcspCheck,
  type OcspFault,
  type OcspVerdict,
} from './ocsp/check-ocsp-response.ts'
export { createOcspError, createOcspResponse, type OcspResponseRequest } from './ocsp/create-ocsp-response.ts'
export { createOcspRequest, type OcspQuestion } from './ocsp/ocsp-request.ts'
export {
  type OcspErrorStatus,
  type OcspResponse,
  type OcspStatus,
  parseOcspResponse,
} from './ocsp/ocsp-response.ts'
export {
  LARGEST_OCSP_REQUEST,
  type OcspRequest,
  type OcspRequestedId,
  parseOcspRequest,
} from './ocsp/parse-ocsp-request.ts'
export { ATTRIBUTE, EKU, EXTENSION } from './oids.ts'
export type { PathOptions } from './path/path-options.ts'
export { PATH_REASONS, type PathProblem, type PathReason } from './path/path-reason.ts'
export type { PolicyInputs } from './path/policy-graph.ts'
export type { Purpose } from './path/purpose.ts'
export { checkRevocation, type RevocationStatus } from './path/revocation.ts'
export { hasIssued } from './path/signature-rules.ts'
export {
  type ParsedChain,
  type PathVerdict,
  parseChain,
  validateCertificate,
  validatePath,
} from './path/validate-path.ts'
export { decodePem, derOrPem, encodePem, type PemLabel } from './pem.ts'
export { createPkcs12, type Pkcs12Contents, type Pkcs12Form } from './pkcs12/create-pkcs12.ts'
export { type Pkcs12Keys, readPkcs12 } from './pkcs12/read-pkcs12.ts'
export { PkiError, type PkiErrorCode } from './pki-error.ts'
export { createPkiMessage, type PkiMessageRequest } from './scep/create-pki-message.ts'
export {
  encodeIssuerAndSubject,
  type IssuerAndSubject,
  parseIssuerAndSubject,
} from './scep/issuer-and-subject.ts'
export { type PkiMessage, parsePkiMessage, type TransactionId } from './scep/parse-pki-message.ts'
export {
  FAIL_INFO,
  type FailInfo,
  MESSAGE_TYPE,
  PKI_STATUS,
  type PkiStatus,
  SCEP_ATTRIBUTE,
} from './scep/scep-constants.ts'
export { createSelfSignedCertificate } from './scep/self-signed.ts'
