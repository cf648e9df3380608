import { randomBytes } from 'node:crypto'
import type { LocalSourceConfiguration, PasswordStorage } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { type PasswordRows, PasswordWriter } from './change-password.ts'
import { LocalSource, type LocalSourceParts } from './local-source.ts'
import type { LockoutGuard } from './lockout-guard.ts'
import { LocalWeek } from './logon-hours.ts'
import { checkProof } from './proof-check.ts'
import type { UserDirectory } from './stored-user.ts'
import { readVerifier, type Verifier, verifierText } from './verifier.ts'
import type { VerifierCache } from './verifier-cache.ts'
import { WorkLimit } from './work-limit.ts'

/** Opened verifiers a worker keeps: some 300 octets each. */
export const VERIFIERS_IN_MEMORY = 50_000
/** Argon2id checks of a worker that run at once (19 MiB and a pool thread each), and that wait (about 2 s). */
export const SLOW_CHECKS = { running: 2, waiting: 128 } as const

/**
 * The same for names nobody has. In a flood of them some are refused without the work, which tells that the name is
 * unknown; the other choice is that the flood keeps everybody out.
 */
const STRANGER_CHECKS = { running: 1, waiting: 16 } as const

/** What outlives a snapshot in a worker, shared by all its local sources. */
export interface LocalSourceContext {
  readonly clock: Clock
  readonly sealer: Sealer
  readonly verifiers: VerifierCache
  readonly guard: LockoutGuard
  readonly slow: WorkLimit
  /** The store thread's UserStore. */
  readonly rows: PasswordRows
  readonly directory: UserDirectory
}

/** Builds the source of one snapshot. */
export async function createLocalSource(
  settings: LocalSourceConfiguration,
  timeZone: string,
  context: LocalSourceContext,
): Promise<LocalSource> {
  return new LocalSource(await localSourceParts(settings, timeZone, context))
}

/** Async: the dummy verifier of argon2id has to be computed once. */
export async function localSourceParts(
  settings: LocalSourceConfiguration,
  timeZone: string,
  context: LocalSourceContext,
): Promise<LocalSourceParts> {
  const { clock, directory, verifiers, guard, slow, rows, sealer } = context
  const strangers = new WorkLimit(STRANGER_CHECKS.running, STRANGER_CHECKS.waiting)
  return {
    name: settings.name,
    clock,
    directory,
    verifiers,
    guard,
    check: (verifier, proof, whose) => checkProof(verifier, proof, whose === 'user' ? slow : strangers),
    lockout: settings.lockout,
    rules: { passwordMaximumAgeDays: settings.passwordMaximumAgeDays, localWeek: new LocalWeek(timeZone) },
    dummy: await dummyVerifier(settings.passwordStorage),
    writer: new PasswordWriter(rows, sealer, clock, MINIMUM_LENGTH),
  }
}

/** Shortest password that a user may choose for themselves. */
const MINIMUM_LENGTH = 8

/** The verifier of a password nobody knows. */
export async function dummyVerifier(storage: PasswordStorage): Promise<Verifier> {
  const verifier = readVerifier(await verifierText(randomBytes(16).toString('hex'), storage), storage)
  if (verifier === undefined) throw new TypeError(`no verifier can be made in the form '${storage}'`)
  return verifier
}
