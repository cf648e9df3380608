import type { CertificateForm } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import type { BroughtForm } from './certificate-offer.ts'

/** What somebody may ask for. */
export const CERTIFICATE_WISHES = ['none', 'pkcs12', 'scep', 'est', 'acme', 'installed'] as const
export type CertificateWish = (typeof CERTIFICATE_WISHES)[number]

export type FormChoice =
  | { readonly kind: 'form'; readonly form: CertificateForm; readonly passedOver: readonly string[] }
  /** The file brings none along, and there is no harm in that. */
  | { readonly kind: 'none' }
  | { readonly kind: 'not-offered'; readonly why: readonly string[] }

export interface ChoiceInput {
  readonly wish: CertificateWish | undefined
  readonly output: Pick<ProfileOutput, 'title' | 'certificates'>
  /** People log in by a certificate of their own. */
  readonly isNeeded: boolean
  /** It is made for somebody. */
  readonly hasPerson: boolean
  readonly obstacle: (form: BroughtForm) => string | undefined
}

/**
 * The form a certificate comes along in: that asked for, or the first of the output's the configuration offers. Where it
 * offers none, `installed` is right only for outputs that say so.
 */
export function chooseForm({ wish, output, isNeeded, hasPerson, obstacle }: ChoiceInput): FormChoice {
  if (wish === 'none') return { kind: 'none' }
  if (wish === 'installed') return { kind: 'form', form: 'installed', passedOver: [] }
  if (!isNeeded) {
    const why = 'the connection does not log people in by a certificate of their own'
    return wish === undefined ? { kind: 'none' } : { kind: 'not-offered', why: [why] }
  }
  if (!hasPerson) {
    const why = 'a certificate is somebody’s: name the user'
    return wish === undefined ? { kind: 'none' } : { kind: 'not-offered', why: [why] }
  }
  if (wish !== undefined) {
    const why = output.certificates.includes(wish)
      ? obstacle(wish)
      : `${output.title} cannot bring a certificate by ${wish}`
    return why === undefined
      ? { kind: 'form', form: wish, passedOver: [] }
      : { kind: 'not-offered', why: [why] }
  }
  return best(output, obstacle)
}

function best(
  { certificates }: Pick<ProfileOutput, 'certificates'>,
  obstacle: (form: BroughtForm) => string | undefined,
): FormChoice {
  const passedOver: string[] = []
  for (const form of certificates) {
    const why = form === 'installed' ? undefined : obstacle(form)
    if (why === undefined) return { kind: 'form', form, passedOver }
    passedOver.push(`${form}: ${why}`)
  }
  // An output that brings none along relies on what is there.
  return certificates.length === 0
    ? { kind: 'form', form: 'installed', passedOver }
    : { kind: 'not-offered', why: passedOver }
}
