/** Why something a peer sent is refused. Stable: messages may change, these may not. */
export type Fault =
  | 'truncated'
  /** Not major version 12: this is no TACACS+. */
  | 'not-tacacs'
  | 'too-long'
  /** The lengths in the body do not add up to that in the header: mostly a wrong secret (RFC 8907 section 4.5). */
  | 'lengths-disagree'
  /** TAC_PLUS_UNENCRYPTED_FLAG, although there is a secret (section 4.5). */
  | 'unencrypted'

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault }

export function refused(fault: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault }
}
