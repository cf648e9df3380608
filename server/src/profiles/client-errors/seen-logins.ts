/** One login this server decided. Times are milliseconds since the epoch. */
export interface SeenLogin {
  readonly id: string
  readonly at: number
  readonly client: string
  readonly outcome: 'accept' | 'reject' | 'drop'
  readonly sentence: string
  readonly nextStep?: string
}

/** Packets nobody answered, of a RADIUS client or of a stranger. */
export interface SeenDrop {
  readonly client?: string
  readonly address: string
  readonly title: string
  readonly nextStep: string
  readonly packets: number
}

/** What this server saw in the last minutes. */
export interface SeenLogins {
  readonly user: string
  readonly minutes: number
  readonly now: number
  /** Of this person, the latest first. */
  readonly logins: readonly SeenLogin[]
  /** Gateways and strangers whose packets were dropped; they say no name that could be believed. */
  readonly drops: readonly SeenDrop[]
}
