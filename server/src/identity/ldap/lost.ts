/**
 * Why a server gave no answer. `dropped`: the connection ended; `deadline`: nothing came in time; `unreachable`: no
 * connection, or no encryption that can be trusted; `nonsense`: what came is no answer to what was asked; `crowded`: our
 * own bound on what may wait; `too-large`: the answer to this one question is more than is taken; `service-account`: it refuses the account questions are asked by; `closed`: the profile is
 * no longer used.
 */
export interface Lost {
  readonly kind: 'lost'
  readonly cause:
    | 'dropped'
    | 'deadline'
    | 'unreachable'
    | 'nonsense'
    | 'crowded'
    | 'too-large'
    | 'service-account'
    | 'closed'
  /** For people; names no server. */
  readonly why: string
}

export function lost(cause: Lost['cause'], why: string): Lost {
  return { kind: 'lost', cause, why }
}
