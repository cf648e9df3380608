import { CliError } from '../cli-error.ts'
import { KEY_KINDS, type KeyKind } from './key-kind.ts'

/** What `renew` and `status` need to know; kept beside the certificate. No secret is among it. */
export interface EnrolmentSettings {
  readonly url: string
  readonly protocol: 'est' | 'scep'
  readonly template?: string
  readonly key: KeyKind
  readonly commonName: string
  readonly dnsNames: readonly string[]
  /** Renewed so many days before the end; absent: when a third of the validity is left. */
  readonly renewBeforeDays?: number
  /** Run by the shell after a new certificate is in place. */
  readonly hook?: string
}

export function settingsText(settings: EnrolmentSettings): string {
  return `${JSON.stringify(settings, null, 2)}\n`
}

/** Somebody may have edited it. */
export function readSettings(text: string): EnrolmentSettings {
  let value: Partial<EnrolmentSettings>
  try {
    value = JSON.parse(text) as Partial<EnrolmentSettings> // looked at below
  } catch {
    throw new CliError('enrolment.json is not JSON. Enrol again.')
  }
  const { url, protocol, key, commonName, dnsNames = [] } = value
  const isWhole =
    typeof url === 'string' &&
    URL.canParse(url) &&
    (protocol === 'est' || protocol === 'scep') &&
    KEY_KINDS.some((kind) => kind === key) &&
    typeof commonName === 'string' &&
    Array.isArray(dnsNames)
  if (!isWhole) throw new CliError('enrolment.json is damaged. Enrol again.')
  return { ...value, dnsNames } as EnrolmentSettings // its fields were looked at
}
