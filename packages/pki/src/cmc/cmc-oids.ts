/** Controls of RFC 5272 section 6 and of MS-WCCE section 2.2.2.8, and attributes inside them. */
export const CMC = {
  statusInfo: '1.3.6.1.5.5.7.7.1',
  regInfo: '1.3.6.1.5.5.7.7.18',
  /** Microsoft: attributes that belong to a request, or to what was issued for it. */
  addAttributes: '1.3.6.1.4.1.311.10.10.1',
  enrolmentNameValuePair: '1.3.6.1.4.1.311.13.2.1',
  /** SHA-1 of the certificate that was issued: by it a Windows client finds it among those of the message. */
  issuedCertificateHash: '1.3.6.1.4.1.311.21.17',
  /** RFC 5272 section 3.3.1: the signature of nobody. */
  noSignature: '1.3.6.1.5.5.7.6.2',
  renewalCertificate: '1.3.6.1.4.1.311.13.1',
} as const

/** RFC 5272 section 6.1.1. */
export const CMC_STATUS = { success: 0, failed: 2, pending: 3 } as const
