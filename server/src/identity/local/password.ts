/** Longest password: what an MS-CHAPv2 change-password packet carries, in UTF-16 units (RFC 2759 section 8.9). */
export const PASSWORD_LENGTH = 256

export type PasswordFault =
  | 'blank'
  | 'too-long'
  | 'too-short'
  | 'not-unicode'
  | 'control-character'
  | 'unchanged'

/** A sentence for whoever chose the password. */
export const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  blank: 'the password is empty or only white space',
  'too-long': `the password is longer than ${PASSWORD_LENGTH} characters`,
  'too-short': 'the password is shorter than the rules ask for',
  'not-unicode': 'the password is not well-formed Unicode',
  'control-character': 'the password holds a control character',
  unchanged: 'the password is the one that is set already',
}

/** What no stored password may be, whoever sets it. */
export function passwordFault(password: string, minimumLength = 1): PasswordFault | undefined {
  if (!password.isWellFormed()) return 'not-unicode'
  if (isBlankText(password)) return 'blank'
  if (password.length > PASSWORD_LENGTH) return 'too-long'
  if (/\p{Cc}/u.test(password)) return 'control-character'
  return [...password].length < minimumLength ? 'too-short' : undefined
}

/** The form passwords are kept and compared in: two keyboards may compose the same letter differently. */
export function normalizedPassword(password: string): string {
  return password.normalize('NFC')
}

/** No octet that stands for something visible: an empty password, spaces, the NUL padding of an empty one. */
export function isBlank(password: Uint8Array): boolean {
  for (const octet of password) {
    if (octet > 0x20 && octet < 0x7f) return false
    if (octet >= 0x7f) return isBlankText(new TextDecoder().decode(password))
  }
  return true
}

function isBlankText(password: string): boolean {
  return /^[\s\p{Cc}]*$/u.test(password)
}
