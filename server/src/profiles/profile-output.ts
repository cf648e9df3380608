import type { ConnectionKind } from '../config/schema.ts'
import type { CertificateForm, ProfileInput } from './profile-input.ts'

export const CLIENT_SYSTEMS = ['windows', 'apple', 'android', 'linux', 'any'] as const
export type ClientSystem = (typeof CLIENT_SYSTEMS)[number]

/** One file somebody gets. */
export interface ProfileFile {
  /** Fit for every file system: letters, digits, `-`, `_` and `.` of ASCII. */
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
  /** It holds a password, a pre-shared key, a challenge or a private key. */
  readonly holdsSecret: boolean
}

/** What cannot be had in this form. */
export interface Finding {
  /** obstacle = no file is made; warning = it is made, and somebody should know. */
  readonly severity: 'obstacle' | 'warning'
  /** Stable; the message may change. */
  readonly code: string
  readonly message: string
  /** Setting it comes from: `tunnelTypes`, `dns/rules`. */
  readonly setting?: string
}

/** One form a connection is handed out in. Pure: no clock, no randomness, no I/O. */
export interface ProfileOutput {
  /** `windows-script`, `apple-mobileconfig`: what commands and the API call it. */
  readonly id: string
  readonly title: string
  readonly system: ClientSystem
  readonly kinds: readonly ConnectionKind[]
  /** Forms in which it brings a certificate along, the best first. */
  readonly certificates: readonly CertificateForm[]
  /** How it wants PKCS #12; absent: AES and SHA-256, with its password inside the file. */
  readonly pkcs12?: {
    /** legacy = 3DES and SHA-1, for systems that read nothing newer. */
    readonly form: 'modern' | 'legacy'
    /** typed = the system asks for the password when the file is opened, so the person must be shown it. */
    readonly password: 'inside' | 'typed'
  }
  /** Why this connection cannot be written in this form, and what gets lost where it can. */
  findings(input: ProfileInput): readonly Finding[]
  /** Called only where `findings` has no obstacle. */
  make(input: ProfileInput): readonly ProfileFile[]
}

export const isObstacle = ({ severity }: Finding): boolean => severity === 'obstacle'
