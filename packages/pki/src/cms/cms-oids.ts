/** Content types of RFC 5652, and those of RFC 5272 (CMC) that travel in it. */
export const CONTENT_TYPE = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  pkiData: '1.3.6.1.5.5.7.12.2',
  pkiResponse: '1.3.6.1.5.5.7.12.3',
} as const

/** RFC 5652 section 11. */
export const CMS_ATTRIBUTE = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
} as const

/** RFC 3370, RFC 8017: a key that encrypts, or signs with the digest that stands beside it. */
export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
export const RSAES_OAEP = '1.2.840.113549.1.1.7'
export const MGF1 = '1.2.840.113549.1.1.8'
