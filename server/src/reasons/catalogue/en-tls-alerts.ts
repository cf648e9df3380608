import type { TlsAlertReason } from '../tls-alerts.ts'
import type { CatalogueEntry } from './en.ts'

const UPDATE = 'Help desk: update the device.'
const OUR_CERTIFICATE =
  'Administrator: check the server certificate of this server. Help desk: see which error the device shows.'
const THEIR_LIMITS =
  'Administrator: check which TLS versions and ciphers the device can do. Help desk: update the device.'
const REPORT = 'Help desk: update the device. If several kinds of devices are hit, report it with a receipt.'

/** What each alert means when a supplicant sends it to us, in RADIUS terms; RFC 8446 section 6, RFC 5246 section 7.2. */
export const TLS_ALERTS_EN: Readonly<Record<TlsAlertReason, CatalogueEntry>> = {
  'tls-alert-close-notify': {
    title: 'Device closed the channel',
    sentence: 'The device closed the secure channel before the login was done.',
    nextStep: 'User: try again. Often a prompt on the device was cancelled.',
  },
  'tls-alert-unexpected-message': {
    title: 'Alert: unexpected message',
    sentence: 'The device got a TLS message it did not expect.',
    nextStep: REPORT,
  },
  'tls-alert-bad-record-mac': {
    title: 'Alert: bad record',
    sentence:
      'The device could not verify a TLS record. It was changed on the way, or one side counts wrong.',
    nextStep: REPORT,
  },
  'tls-alert-decryption-failed': {
    title: 'Alert: decryption failed',
    sentence: 'The device could not decrypt a TLS record.',
    nextStep: REPORT,
  },
  'tls-alert-record-overflow': {
    title: 'Alert: record too long',
    sentence: 'The device got a TLS record that is too long for it.',
    nextStep: REPORT,
  },
  'tls-alert-decompression-failure': {
    title: 'Alert: decompression failed',
    sentence: 'The device could not unpack a compressed TLS record.',
    nextStep: UPDATE,
  },
  'tls-alert-handshake-failure': {
    title: 'Alert: nothing in common',
    sentence: 'The device found no acceptable cipher, key type or parameter in our offer.',
    nextStep: THEIR_LIMITS,
  },
  'tls-alert-no-certificate': {
    title: 'Alert: no certificate',
    sentence: 'The device has no certificate that it could send.',
    nextStep: 'Help desk: install a certificate on the device and select it for this connection.',
  },
  'tls-alert-bad-certificate': {
    title: 'Alert: bad certificate',
    sentence: 'The device says that our server certificate is damaged or its signature is wrong.',
    nextStep: OUR_CERTIFICATE,
  },
  'tls-alert-unsupported-certificate': {
    title: 'Alert: unsupported certificate',
    sentence: 'The device does not support the kind of our server certificate, or its purpose is wrong.',
    nextStep:
      'Administrator: the server certificate needs the extended key usage "server authentication"; for old devices use the RSA one.',
  },
  'tls-alert-certificate-revoked': {
    title: 'Alert: certificate revoked',
    sentence: 'The device says that our server certificate was revoked.',
    nextStep: 'Administrator: install a server certificate that is not revoked.',
  },
  'tls-alert-certificate-expired': {
    title: 'Alert: certificate expired',
    sentence: 'The device says that our server certificate has expired or is not yet valid.',
    nextStep: 'Administrator: renew the server certificate. If it is valid, set the clock of the device.',
  },
  'tls-alert-certificate-unknown': {
    title: 'Alert: certificate not accepted',
    sentence:
      'The device did not accept our server certificate and does not say why. Often its name is not the expected one.',
    nextStep:
      'Help desk: compare the server name set on the device with the name in our certificate, and check that the device trusts our CA.',
  },
  'tls-alert-illegal-parameter': {
    title: 'Alert: illegal parameter',
    sentence: 'The device says that a value in our TLS message is not allowed.',
    nextStep: REPORT,
  },
  'tls-alert-unknown-ca': {
    title: 'Alert: unknown CA',
    sentence: 'The device does not trust the CA of our server certificate.',
    nextStep: 'Help desk: install our CA certificate on the device and select it for this connection.',
  },
  'tls-alert-access-denied': {
    title: 'Alert: access denied',
    sentence: 'The device accepted our certificate, but its own settings forbid the connection.',
    nextStep: 'Help desk: look at the settings of the device: allowed server names and networks.',
  },
  'tls-alert-decode-error': {
    title: 'Alert: message not readable',
    sentence: 'The device could not read one of our TLS messages. It may have been cut on the way.',
    nextStep:
      'Network administrator: check the fragment size and MTU on the way. Help desk: update the device.',
  },
  'tls-alert-decrypt-error': {
    title: 'Alert: signature check failed',
    sentence: 'The device could not verify our signature or the end of the handshake.',
    nextStep: OUR_CERTIFICATE,
  },
  'tls-alert-export-restriction': {
    title: 'Alert: export restriction',
    sentence: 'The device refuses the key size for old export rules.',
    nextStep: UPDATE,
  },
  'tls-alert-protocol-version': {
    title: 'Alert: TLS version',
    sentence: 'The device does not do any TLS version that we do.',
    nextStep: 'Help desk: update the device; it needs TLS 1.2 or 1.3.',
  },
  'tls-alert-insufficient-security': {
    title: 'Alert: not secure enough',
    sentence: 'The device wants stronger ciphers than we offered.',
    nextStep: THEIR_LIMITS,
  },
  'tls-alert-internal-error': {
    title: 'Alert: server name differs, or error inside the device',
    sentence:
      'The device stopped of its own accord. Most often it expects another server name than our certificate carries; else the key on its smart card or TPM could not be used.',
    nextStep:
      'Help desk: compare the server name set on the device (domain_match, "Connect to these servers") with the name in our certificate (serverName under radius). If they are equal, look at the log of the device; check smart card or TPM.',
  },
  'tls-alert-inappropriate-fallback': {
    title: 'Alert: needless fallback',
    sentence: 'The device tried an older TLS version than needed. Somebody on the way may have forced it.',
    nextStep: 'User: try again. If it stays, the network administrator should look at the way.',
  },
  'tls-alert-user-canceled': {
    title: 'Alert: cancelled',
    sentence: 'The login was cancelled on the device.',
    nextStep: 'User: try again and answer the question about certificate or password.',
  },
  'tls-alert-no-renegotiation': {
    title: 'Alert: no renegotiation',
    sentence: 'The device does not negotiate anew within a channel.',
    nextStep: REPORT,
  },
  'tls-alert-missing-extension': {
    title: 'Alert: extension missing',
    sentence: 'The device misses a TLS extension in our message.',
    nextStep: REPORT,
  },
  'tls-alert-unsupported-extension': {
    title: 'Alert: unsupported extension',
    sentence: 'The device got a TLS extension it did not ask for.',
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
    sentence: 'The device did not accept the revocation status (OCSP) sent with our certificate.',
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
    sentence: 'The device found no common application protocol.',
    nextStep: UPDATE,
  },
}
