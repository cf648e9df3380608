import {
  type Certificate,
  challengePassword,
  createCertificationRequest,
  distinguishedName,
  EXTENSION,
  nameText,
  subjectAltNameExtension,
  templateName,
  validateCertificate,
} from '@sallyport/pki'
import { CliError } from '../cli-error.ts'
import { localTime } from '../table.ts'
import type { CertificateFolder, Credentials, Pending } from './certificate-folder.ts'
import { StillPending, TryAgain } from './enrol-error.ts'
import { type EnrolmentSettings, settingsText } from './enrolment-settings.ts'
import { newKey } from './key-kind.ts'
import type { EnrolmentProtocolClient, FirstProof, ProtocolAnswer, ProtocolRequest } from './protocol.ts'
import { certificatesIn, pemOf, rolledOver } from './trust-anchors.ts'

export interface EnrolmentParts {
  readonly folder: CertificateFolder
  readonly settings: EnrolmentSettings
  readonly client: EnrolmentProtocolClient
  readonly now: () => number
  /** 0 to 1. */
  readonly random: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** How often a server that cannot be reached or cannot decide is asked again. */
  readonly retries: number
  /** How long a request that waits for approval is waited for. */
  readonly waitSeconds: number
  /** What happens, for whoever watches. */
  readonly say: (text: string) => void
}

const DAY = 86_400_000
const FIRST_DELAY_SECONDS = 5
const LONGEST_DELAY_SECONDS = 300

/** Asks for the first certificate, or goes on with a request that waits unless `isAnew`. */
export async function enrolFirst(
  parts: EnrolmentParts,
  proof: FirstProof,
  isAnew: boolean,
): Promise<Certificate> {
  const { folder, settings } = parts
  const known = folder.pending()
  const isSame = !isAnew && known?.isRenewal === false && known.settings === settingsText(settings)
  const challenge = proof.kind === 'challenge' && settings.protocol === 'scep' ? proof.challenge : undefined
  const pending = isSame ? known : startRequest(parts, { isRenewal: false, challenge })
  return await send(parts, pending, proof)
}

/** Renews with a new key; the same subject and names, as RFC 7030 section 4.2.2 asks. */
export async function renewCertificate(
  parts: EnrolmentParts,
  current: Credentials,
  challenge?: string,
): Promise<Certificate> {
  const { folder, client, now } = parts
  const trusted = certificatesIn(folder.authorities() ?? '')
  const anchors = rolledOver(trusted, await again(parts, () => client.authorities()), now())
  const isNew = anchors.length !== trusted.length || anchors.some((anchor, at) => anchor !== trusted[at])
  if (isNew && anchors.length > 0) {
    folder.keepAuthorities(pemOf(anchors))
    parts.say('The CA certificates were brought up to date.')
  }
  const known = folder.pending()
  const pending =
    known?.isRenewal === true ? known : startRequest(parts, { isRenewal: true, current, challenge })
  return await send(parts, pending, { kind: 'certificate', current })
}

/** Milliseconds since the epoch: from then on a certificate is renewed. */
export function renewalDue(
  { notBefore, notAfter }: Certificate,
  { renewBeforeDays }: EnrolmentSettings,
): number {
  return renewBeforeDays === undefined
    ? notAfter - (notAfter - notBefore) / 3
    : notAfter - renewBeforeDays * DAY
}

function startRequest(
  { folder, settings }: EnrolmentParts,
  about: { readonly challenge: string | undefined } & (
    | { readonly isRenewal: false }
    | { readonly isRenewal: true; readonly current: Credentials }
  ),
): Pending {
  const { publicKey, privateKey, pem: key } = newKey(settings.key)
  const pending: Pending = {
    key,
    request: Buffer.from(
      createCertificationRequest({
        publicKey,
        privateKey,
        ...(about.isRenewal ? sameNames(about.current) : names(settings)),
        ...(about.challenge !== undefined && { attributes: [challengePassword(about.challenge)] }),
      }),
    ).toString('base64'),
    isRenewal: about.isRenewal,
    isWaiting: false,
    settings: settingsText(settings),
  }
  folder.keepPending(pending)
  return pending
}

function names({ commonName, dnsNames, protocol, template }: EnrolmentSettings) {
  return {
    subject: distinguishedName(['CN', commonName]),
    extensions: [
      ...(dnsNames.length === 0
        ? []
        : [subjectAltNameExtension(dnsNames.map((name) => ({ kind: 'dns', name }) as const))]),
      // SCEP names a template in the request, EST in the address.
      ...(protocol === 'scep' && template !== undefined ? [templateName(template)] : []),
    ],
  }
}

function sameNames({ certificate }: Credentials) {
  const [current] = certificatesIn(certificate)
  if (current === undefined) throw new CliError('cert.pem holds no certificate. Enrol again.')
  const alternatives = current.rawExtensions.get(EXTENSION.subjectAltName)
  return { subject: current.subject, extensions: alternatives === undefined ? [] : [alternatives] }
}

async function send(
  parts: EnrolmentParts,
  pending: Pending,
  proof: ProtocolRequest['proof'],
): Promise<Certificate> {
  const { folder, client, now, sleep, waitSeconds, say } = parts
  const until = now() + waitSeconds * 1000
  let waiting = pending
  for (;;) {
    const answer = await asked(parts, waiting, () =>
      client.enrol({
        request: new Uint8Array(Buffer.from(waiting.request, 'base64')),
        ...{ key: waiting.key, proof },
        ...(waiting.signer !== undefined && { signer: waiting.signer }),
      }),
    )
    if (answer.kind === 'issued') return await install(parts, waiting, answer.certificates)
    if (!waiting.isWaiting) {
      waiting = { ...waiting, isWaiting: true, ...(answer.signer !== undefined && { signer: answer.signer }) }
      folder.keepPending(waiting)
    }
    if (now() + answer.afterSeconds * 1000 > until) throw new StillPending(answer.afterSeconds)
    say(`The request waits for an approval; asking again in ${answer.afterSeconds} s.`)
    await sleep(answer.afterSeconds * 1000)
  }
}

/** A request that was refused for good is not sent again; one that may have arrived is. */
async function asked(
  parts: EnrolmentParts,
  { isRenewal, isWaiting }: Pending,
  work: () => Promise<ProtocolAnswer>,
): Promise<ProtocolAnswer> {
  try {
    return await again(parts, work)
  } catch (error) {
    // A mistyped password must not lose the key of a request that somebody is about to approve.
    const mayBeApproved = isWaiting && !isRenewal
    if (!(error instanceof TryAgain) && !mayBeApproved) parts.folder.forgetPending()
    throw error
  }
}

/** Tries again later and later, and at no moment that others choose too. */
async function again<T>({ retries, random, sleep, say }: EnrolmentParts, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TryAgain) || attempt >= retries) throw error
      const delay = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** attempt)
      const seconds = Math.max(error.afterSeconds ?? 0, delay * (0.5 + random()))
      say(`${error.message} Trying again in ${Math.round(seconds)} s.`)
      await sleep(seconds * 1000)
    }
  }
}

/** What came is looked at before it takes the place of what works: our key, and a path to the CA we trust. */
async function install(
  parts: EnrolmentParts,
  { key, request }: Pending,
  came: readonly Certificate[],
): Promise<Certificate> {
  const { folder, client, settings, now } = parts
  const anchors = certificatesIn(folder.authorities() ?? '')
  const shown = await again(parts, () => client.authorities())
  const leaf = came.find((certificate) => holdsKeyOf(certificate, request))
  if (leaf === undefined) throw new CliError('The server sent no certificate for the key of the request.')
  const verdict = validateCertificate(leaf, [...came, ...shown], {
    ...{ anchors, at: now(), purpose: 'any', revocation: 'off', allowSha1: false },
  })
  if (!verdict.ok) {
    throw new CliError(`The certificate does not lead to the CA that is trusted here: ${verdict.detail}.`)
  }
  const below = verdict.path.filter((certificate) => certificate.issuer.key !== certificate.subject.key)
  folder.install({ key, certificate: pemOf([leaf]), chain: pemOf(below) })
  folder.keepSettings(settingsText(settings))
  folder.forgetPending()
  parts.say(
    `${nameText(leaf.subject)}, valid until ${localTime(new Date(leaf.notAfter).toISOString())}: ${folder.certificateFile}`,
  )
  return leaf
}

function holdsKeyOf({ spki }: Certificate, request: string): boolean {
  // A SubjectPublicKeyInfo stands in its request octet by octet.
  return Buffer.from(request, 'base64').includes(spki)
}
