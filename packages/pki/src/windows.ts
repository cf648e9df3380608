/** Enrolment as Windows does it: MS-XCEP, MS-WSTEP and CMC; an entry of its own, because nothing else needs it. */
export { type CmcAnswer, type CmcResponseRequest, createCmcResponse } from './cmc/create-cmc-response.ts'
export { type EnrolmentMessage, parseEnrolmentMessage } from './cmc/enrolment-message.ts'
export { extendedKeyUsage, keyUsage } from './issue/extension-encoders.ts'
export {
  type EnrolmentDetail,
  FAILED_AUTHENTICATION,
  type SoapFault,
  soapFault,
} from './soap/soap-answer.ts'
export { SoapError } from './soap/soap-error.ts'
export { parseSoap, type SoapMessage, type UsernameToken } from './soap/soap-message.ts'
export { isKerberosToken } from './spnego/kerberos-token.ts'
export {
  KET_ACTION,
  RST_ACTION,
  readSecurityTokenRequest,
  type SecurityTokenRequest,
} from './wstep/security-token-request.ts'
export { type TokenResponse, writeTokenResponse } from './wstep/security-token-response.ts'
export { GET_POLICIES, type GetPolicies, readGetPolicies } from './xcep/get-policies.ts'
export * from './xcep/policy-model.ts'
export { writeNotChanged, writePolicies } from './xcep/write-policies.ts'
export { SECEXT, TRUST, WSTEP, XCEP } from './xml/namespaces.ts'
export { parseXml, type XmlLimits } from './xml/parse-xml.ts'
export { XmlElement } from './xml/xml-element.ts'
export { XmlError } from './xml/xml-error.ts'
