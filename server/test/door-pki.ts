/** Certificates for the door in memory: one CA that is our own, one that nobody trusts. Made once for each process. */
import type { TlsCertificate } from '@sallyport/eap'
import {
  type CertificateIssuer,
  type CertificateTemplate,
  createCrl,
  createRootCertificate,
  distinguishedName,
  encodePem,
  type GeneralName,
  generateKeyPairFor,
  issueCertificate,
  RADIUS_SERVER,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import type { ClientTrust } from '../src/enrolment/trust.ts'

/** Wide enough for the clock of the tests and for that of OpenSSL, which is the machine's. */
const NOT_BEFORE = Date.parse('2025-01-01T00:00:00Z')
const NOT_AFTER = Date.parse('2045-01-01T00:00:00Z')
export const SERVER_NAME = 'radius.example.org'

function root(commonName: string): CertificateIssuer {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const validity = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER }
  const subject = distinguishedName(['CN', commonName])
  return { certificate: createRootCertificate({ subject, publicKey, privateKey, ...validity }), privateKey }
}

function issue(
  issuer: CertificateIssuer,
  template: CertificateTemplate,
  commonName: string,
  san: readonly GeneralName[],
): TlsCertificate {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const validity = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER - 1000 }
  const subject = distinguishedName(['CN', commonName])
  const certificate = issueCertificate({ template, subject, san, publicKey, issuer, ...validity })
  return {
    chain: encodePem('CERTIFICATE', certificate.der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function make() {
  const own = root('Own CA')
  const foreign = root('Foreign CA')
  const upn = [{ kind: 'upn', name: 'alice@example.org' }] as const
  const crl = createCrl({
    issuer: own,
    number: 1,
    thisUpdate: NOT_BEFORE,
    nextUpdate: NOT_AFTER,
    revoked: [],
  })
  const authority = encodePem('CERTIFICATE', own.certificate.der)
  const trust: ClientTrust = {
    version: 1,
    authorities: [
      { name: 'own', anchors: [authority], intermediates: [], crls: [encodePem('X509 CRL', crl.der)] },
    ],
  }
  return {
    /** Our own CA, and its certificate in PEM. */
    issuer: own,
    authority,
    trust,
    server: [issue(own, RADIUS_SERVER, SERVER_NAME, [{ kind: 'dns', name: SERVER_NAME }])],
    alice: issue(own, USER_AUTHENTICATION, 'alice', upn),
    /** Says alice, too; by a CA nobody trusts. */
    impostor: issue(foreign, USER_AUTHENTICATION, 'alice', upn),
  }
}

export const DOOR_PKI = make()
