import type { TlsAlertReason } from '../tls-alerts.ts'
import type { CatalogueEntry } from './en.ts'

const UPDATE = 'Help desk: update the device.'
const OUR_CERTIFICATE =
  'Help desk: see which error the device shows, and compare its clock and the server name set on it[ with "{serverName}"]. Administrator: check the server certificate of this server.'
const THEIR_LIMITS =
  'Administrator: check which TLS versions and ciphers the device can do. Help desk: update the device.'
const REPORT = 'Help desk: update the device. If several kinds of devices are hit, report it with a receipt.'

/** What each alert means when a supplicant sends it to us, in RADIUS terms; RFC 8446 section 6, RFC 5246 section 7.2. */
export const TLS_ALERTS_EN: Readonly<Record<TlsAlertReason, CatalogueEntry>> = {
  'tls-alert-close-notify': {
    title: 'Device closed the channel',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] closed the secure channel before the login was done.',
    nextStep: 'User: try again. Often a prompt on the device was cancelled.',
  },
  'tls-alert-unexpected-message': {
    title: 'Alert: unexpected message',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] got a TLS message it did not expect.',
    nextStep: REPORT,
  },
  'tls-alert-bad-record-mac': {
    title: 'Alert: bad record',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] could not verify a TLS record. It was changed on the way, or one side counts wrong.',
    nextStep: REPORT,
  },
  'tls-alert-decryption-failed': {
    title: 'Alert: decryption failed',
    sentence: 'The device[ of "{user}"][ behind RADIUS client "{client}"] could not decrypt a TLS record.',
    nextStep: REPORT,
  },
  'tls-alert-record-overflow': {
    title: 'Alert: record too long',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] got a TLS record that is too long for it.',
    nextStep: REPORT,
  },
  'tls-alert-decompression-failure': {
    title: 'Alert: decompression failed',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] could not unpack a compressed TLS record.',
    nextStep: UPDATE,
  },
  'tls-alert-handshake-failure': {
    title: 'Alert: nothing in common',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] found no acceptable cipher, key type or parameter in our offer.',
    nextStep: THEIR_LIMITS,
  },
  'tls-alert-no-certificate': {
    title: 'Alert: no certificate',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] has no certificate that it could send.',
    nextStep: 'Help desk: install a certificate on the device and select it for this connection.',
  },
  'tls-alert-bad-certificate': {
    title: 'Alert: bad certificate',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] says that our server certificate[ "{serverName}"][ from CA {issuer}] is bad. This is ambiguous: it found the name or the signature wrong, or its clock stands before[ {notBefore}, the start of] the certificate.',
    nextStep: OUR_CERTIFICATE,
  },
  'tls-alert-unsupported-certificate': {
    title: 'Alert: unsupported certificate',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] does not support the kind of our server certificate, or its purpose is wrong.',
    nextStep:
      'Administrator: the server certificate needs the extended key usage "server authentication"; for old devices use the RSA one.',
  },
  'tls-alert-certificate-revoked': {
    title: 'Alert: certificate revoked',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] says that our server certificate[ "{serverName}"] was revoked.',
    nextStep: 'Administrator: install a server certificate that is not revoked.',
  },
  'tls-alert-certificate-expired': {
    title: 'Alert: certificate expired',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] says that our server certificate[ "{serverName}"] has expired or is not yet valid. By our clock[ ({now})] it is valid[ from {notBefore} to {notAfter}], so one of the two clocks is wrong.',
    nextStep:
      'Help desk: set the clock of the device. If the time above is not the true one, the administrator sets the clock of this server.',
  },
  'tls-alert-certificate-unknown': {
    title: 'Alert: certificate not accepted',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] did not accept our server certificate[ "{serverName}"][ from CA {issuer}] and does not say why. Often its name is not the expected one.',
    nextStep:
      'Help desk: compare the server name set on the device with the name in our certificate, and check that the device trusts our CA.',
  },
  'tls-alert-illegal-parameter': {
    title: 'Alert: illegal parameter',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] says that a value in our TLS message is not allowed.',
    nextStep: REPORT,
  },
  'tls-alert-unknown-ca': {
    title: 'Alert: unknown CA',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] does not trust the CA[ {issuer}] of our server certificate[ "{serverName}"].',
    nextStep:
      'Help desk: install our CA certificate[ ({issuer})] on the device and select it for this connection.',
  },
  'tls-alert-access-denied': {
    title: 'Alert: access denied',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] accepted our certificate, but its own settings forbid the connection.',
    nextStep: 'Help desk: look at the settings of the device: allowed server names and networks.',
  },
  'tls-alert-decode-error': {
    title: 'Alert: message not readable',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] could not read one of our TLS messages. It may have been cut on the way.',
    nextStep:
      'Network administrator: check the fragment size and MTU on the way. Help desk: update the device.',
  },
  'tls-alert-decrypt-error': {
    title: 'Alert: signature check failed',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] could not verify our signature or the end of the handshake.',
    nextStep: OUR_CERTIFICATE,
  },
  'tls-alert-export-restriction': {
    title: 'Alert: export restriction',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] refuses the key size for old export rules.',
    nextStep: UPDATE,
  },
  'tls-alert-protocol-version': {
    title: 'Alert: TLS version',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] does not do any TLS version that we do.',
    nextStep: 'Help desk: update the device; it needs TLS 1.2 or 1.3.',
  },
  'tls-alert-insufficient-security': {
    title: 'Alert: not secure enough',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] wants stronger ciphers than we offered.',
    nextStep: THEIR_LIMITS,
  },
  'tls-alert-internal-error': {
    title: 'Alert: server name differs, or error inside the device',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] stopped of its own accord. Most often it expects another server name than our certificate carries[ ("{serverName}")]; else the key on its smart card or TPM could not be used.',
    nextStep:
      'Help desk: compare the server name set on the device (domain_match, "Connect to these servers") with the name in our certificate (serverName under radius). If they are equal, look at the log of the device; check smart card or TPM.',
  },
  'tls-alert-inappropriate-fallback': {
    title: 'Alert: needless fallback',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] tried an older TLS version than needed. Somebody on the way may have forced it.',
    nextStep: 'User: try again. If it stays, the network administrator should look at the way.',
  },
  'tls-alert-user-canceled': {
    title: 'Alert: cancelled',
    sentence: 'The login was cancelled on the device.',
    nextStep: 'User: try again and answer the question about certificate or password.',
  },
  'tls-alert-no-renegotiation': {
    title: 'Alert: no renegotiation',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] does not negotiate anew within a channel.',
    nextStep: REPORT,
  },
  'tls-alert-missing-extension': {
    title: 'Alert: extension missing',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] misses a TLS extension in our message.',
    nextStep: REPORT,
  },
  'tls-alert-unsupported-extension': {
    title: 'Alert: unsupported extension',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] got a TLS extension it did not ask for.',
    nextStep: REPORT,
  },
  'tls-alert-certificate-unobtainable': {
    title: 'Alert: certificate not obtainable',
    sentence: 'A certificate given by address could not be fetched.',
    nextStep: UPDATE,
  },
  'tls-alert-unrecognized-name': {
    title: 'Alert: name not recognised',
    sentence: 'The server name in the handshake was not recognised.',
    nextStep: 'Help desk: check the server name set on the device.',
  },
  'tls-alert-bad-certificate-status-response': {
    title: 'Alert: bad OCSP answer',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] did not accept the revocation status (OCSP) sent with our certificate.',
    nextStep: OUR_CERTIFICATE,
  },
  'tls-alert-bad-certificate-hash-value': {
    title: 'Alert: bad certificate hash',
    sentence: 'A certificate given by address did not have the announced hash.',
    nextStep: UPDATE,
  },
  'tls-alert-unknown-psk-identity': {
    title: 'Alert: unknown pre-shared key',
    sentence: 'The pre-shared key was not known.',
    nextStep: 'User: try again; the device then logs in anew.',
  },
  'tls-alert-certificate-required': {
    title: 'Alert: certificate required',
    sentence: 'The other side requires a certificate and got none.',
    nextStep: 'Help desk: install a certificate on the device and select it for this connection.',
  },
  'tls-alert-no-application-protocol': {
    title: 'Alert: no common protocol',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] found no common application protocol.',
    nextStep: UPDATE,
  },
}
