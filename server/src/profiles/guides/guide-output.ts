import { fileName } from '../file-name.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileFile, ProfileOutput } from '../profile-output.ts'
import { type Guide, kindsOf } from './guide.ts'
import { pageOf, partOf, within } from './page.ts'
import { personalFile, rootFiles, titleOf } from './parts/facts.ts'
import { htmlPage } from './render-html.ts'
import { sentence, type Writer } from './sentence.ts'

/** What browsers and phones take for a certificate of a CA. */
export const ROOT_TYPE = 'application/x-x509-ca-cert'

/** A guide as one of the forms a connection is handed out in: the page, and the certificates it speaks of as files. */
export function guideOutput(guide: Guide): ProfileOutput {
  const { name: given } = guide
  const name = typeof given === 'string' ? given : sentence(given, 'en', PLAIN)
  return {
    id: `guide-${guide.id}`,
    title: `Step by step: ${name}`,
    system: guide.system,
    kinds: kindsOf(guide),
    certificates: guide.container === undefined ? [] : ['pkcs12'],
    ...(guide.container !== undefined && { pkcs12: { form: guide.container, password: 'typed' } }),
    findings: (input) => partOf(guide, input)?.findings(input) ?? [],
    make: (whole) => {
      const input = within(guide, whole)
      return [page(guide, input), ...(guide.isBare === true ? [] : certificates(input))]
    },
  }
}

/** Names of systems are words alone. */
const PLAIN: Writer<string> = {
  plain: (text) => text,
  labels: (words) => words.join(' > '),
  code: (text) => text,
  secret: (text) => text,
  text: (text) => text,
  link: (url) => url,
  join: (parts) => parts.join(''),
}

function page(guide: Guide, input: ProfileInput): ProfileFile {
  const { connection } = input
  return {
    name: fileName(`${titleOf(input)} ${guide.id}`, 'html'),
    mediaType: 'text/html; charset=utf-8',
    content: htmlPage(pageOf(guide, input)),
    // The container stands in a file of its own, and its password nowhere.
    holdsSecret:
      connection.kind === 'vpn' &&
      connection.preSharedKey !== undefined &&
      connection.tunnelTypes.includes('l2tp'),
  }
}

function certificates(input: ProfileInput): readonly ProfileFile[] {
  const own = personalFile(input)
  return [
    ...rootFiles(input).map(({ name, certificate }) => ({
      name,
      mediaType: ROOT_TYPE,
      content: pem(certificate.der),
      holdsSecret: false,
    })),
    ...(own === undefined
      ? []
      : [{ name: own.name, mediaType: 'application/x-pkcs12', content: own.content, holdsSecret: true }]),
  ]
}

/** RFC 7468 section 5: every system here reads it. */
function pem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
