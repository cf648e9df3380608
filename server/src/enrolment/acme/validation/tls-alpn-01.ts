import { hash } from 'node:crypto'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { type Certificate, type GeneralName, ipOctets, PkiError, parseCertificate } from '@sallyport/pki'
import { ChallengeFault, socketFault } from './fault.ts'
import type { ValidationTools } from './validator.ts'

const PROTOCOL = 'acme-tls/1'
const ACME_IDENTIFIER = '1.3.6.1.5.5.7.1.31'

/** RFC 8737: a TLS server that shows a certificate made for this challenge, and nothing else, under a protocol of its own. */
export async function proveByTls(
  host: string,
  keyAuthorization: string,
  tools: ValidationTools,
): Promise<void> {
  const addresses = await tools.lookup.addresses(host)
  let fault: unknown
  for (const address of addresses) {
    try {
      const certificate = await certificateOf(address, host, tools)
      checkCertificate(certificate, host, keyAuthorization)
      return
    } catch (error) {
      fault = socketFault(error, `${host} (${address})`)
    }
  }
  throw fault
}

function certificateOf(address: string, host: string, tools: ValidationTools): Promise<Certificate> {
  const { promise, resolve, reject } = Promise.withResolvers<Certificate>()
  const socket = connect({
    host: address,
    port: tools.tlsPort,
    // RFC 8738 section 6: an address is asked for by its name in the reverse zone.
    servername: isIP(host) === 0 ? host : reverseName(host),
    ALPNProtocols: [PROTOCOL],
    minVersion: 'TLSv1.2',
    // Made for this very moment, and signed by nobody else.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  const abort = (): void => {
    socket.destroy(tools.signal.reason instanceof Error ? tools.signal.reason : undefined)
  }
  tools.signal.addEventListener('abort', abort, { once: true })
  socket.on('secureConnect', () => {
    const { raw } = socket.getPeerCertificate()
    try {
      if (socket.alpnProtocol !== PROTOCOL)
        throw new ChallengeFault('tls', `the TLS server does not speak ${PROTOCOL}`)
      if (raw === undefined) throw new ChallengeFault('tls', 'the TLS server shows no certificate')
      resolve(parseCertificate(raw))
    } catch (error) {
      const unreadable = 'the certificate of the TLS server cannot be read'
      reject(error instanceof PkiError ? new ChallengeFault('incorrectResponse', unreadable) : error)
    }
    socket.destroy()
  })
  socket.on('error', reject)
  socket.on('close', () => {
    tools.signal.removeEventListener('abort', abort)
    reject(new ChallengeFault('connection', 'the connection was broken off'))
  })
  return promise
}

function checkCertificate(certificate: Certificate, host: string, keyAuthorization: string): void {
  const names = certificate.extensions.subjectAltName ?? []
  const [name] = names
  if (name === undefined || names.length !== 1 || !isName(name, host)) {
    throw new ChallengeFault(
      'incorrectResponse',
      `the certificate of the TLS server is not for ${host} alone`,
    )
  }
  const extension = certificate.rawExtensions.get(ACME_IDENTIFIER)
  // OCTET STRING of 32 octets.
  const wanted = Buffer.concat([Buffer.from([0x04, 0x20]), hash('sha256', keyAuthorization, 'buffer')])
  if (extension === undefined || !extension.critical || !wanted.equals(extension.value)) {
    throw new ChallengeFault(
      'incorrectResponse',
      'the certificate of the TLS server does not carry the key authorization',
    )
  }
}

function isName(name: GeneralName, host: string): boolean {
  if (isIP(host) === 0) return name.kind === 'dns' && name.name.toLowerCase() === host
  return name.kind === 'ip' && Buffer.from(ipOctets(host)).equals(name.octets)
}

function reverseName(address: string): string {
  const octets = ipOctets(address)
  if (octets.length === 4) return `${[...octets].reverse().join('.')}.in-addr.arpa`
  const nibbles = [...Buffer.from(octets).toString('hex')].reverse()
  return `${nibbles.join('.')}.ip6.arpa`
}
