import { createHash } from 'node:crypto'
import type { Certificate } from '@sallyport/pki'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Section } from '../guide.ts'
import { code, named, say } from '../phrase.ts'
import { gatewayShowsCertificate, rootFiles, shownName, showsServer } from './facts.ts'

/** What to compare where a window asks whether a server is the right one; none where no server shows a certificate. */
export function serverCheckSection(input: ProfileInput): readonly Section[] {
  const { connection, radiusServer } = input
  const gateways =
    connection.kind === 'vpn' &&
    connection.tunnelTypes.some((tunnel) => gatewayShowsCertificate(connection, tunnel))
      ? connection.gateways.map(({ address }) => address)
      : []
  const names = [
    ...new Set([...(showsServer(connection.authentication) ? radiusServer.names : []), ...gateways]),
  ]
  if (names.length === 0) return []
  const fields: FieldRow[] = [
    ...names.map((name) => ({ label: say('serverName'), value: code(name) })),
    ...rootFiles(input).flatMap(({ certificate }) => [
      { label: say('issuedBy'), value: named(shownName(certificate)) },
      { label: say('fingerprintSha256'), value: code(fingerprint(certificate, 'sha256')) },
      { label: say('fingerprintSha1'), value: code(fingerprint(certificate, 'sha1')) },
    ]),
  ]
  return [
    {
      title: say('serverTitle'),
      blocks: [
        { kind: 'warning', say: say('warnServer') },
        { kind: 'fields', fields },
      ],
    },
  ]
}

/** Octets in capitals with colons, as most windows show them. */
function fingerprint({ der }: Certificate, algorithm: 'sha1' | 'sha256'): string {
  const hex = createHash(algorithm).update(der).digest('hex').toUpperCase()
  return hex.replace(/..(?=.)/g, '$&:')
}
