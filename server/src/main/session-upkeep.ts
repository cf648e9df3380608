import type { AccountingService } from '../access/accounting/accounting-service.ts'
import type { SessionDirectory } from '../access/sessions/session-directory.ts'
import type { SettingsConfiguration } from '../config/sections/settings.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Remote } from '../kernel/rpc.ts'

const SILENCE_INTERVAL_MILLISECONDS = 5_000
const RETENTION_INTERVAL_MILLISECONDS = 10 * 60_000

/** Keeps the session directory true: sessions nobody hears of are lost, old ones forgotten. */
export class SessionUpkeep {
  readonly #timers: readonly NodeJS.Timeout[]

  constructor(parts: {
    readonly sessions: Remote<SessionDirectory>
    readonly accounting: Remote<AccountingService>
    readonly settings: () => Pick<SettingsConfiguration, 'sessions' | 'accounting'>
    readonly startedAt: number
    readonly clock: Clock
    readonly log: Logger
  }) {
    const { sessions, accounting, settings, startedAt, clock, log } = parts
    const loseSilent = async (): Promise<void> => {
      const { lostAfterMissedInterims: missedInterims, lostAfterSilentHours: silentHours } =
        settings().sessions
      await accounting.nameAccounts()
      while ((await sessions.loseSilent({ missedInterims, silentHours }, clock.now(), startedAt)).more);
    }
    const forget = async (): Promise<void> => {
      while ((await sessions.retainSessions(settings().sessions, clock.now())).more);
      while ((await sessions.retainRecords(settings().accounting, clock.now())).more);
    }
    this.#timers = [
      every(SILENCE_INTERVAL_MILLISECONDS, loseSilent, log),
      every(RETENTION_INTERVAL_MILLISECONDS, forget, log),
    ]
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }
}

/** One run at a time. */
function every(milliseconds: number, run: () => Promise<void>, log: Logger): NodeJS.Timeout {
  let isRunning = false
  const timer = setInterval(() => {
    if (isRunning) return
    isRunning = true
    run()
      .catch((error: unknown) =>
        log.error({ err: error }, 'The session directory could not be kept; trying again.'),
      )
      .finally(() => {
        isRunning = false
      })
  }, milliseconds)
  timer.unref()
  return timer
}
