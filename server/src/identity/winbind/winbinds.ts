import type { SourceConfiguration, WinbindSourceConfiguration } from '../../config/schema.ts'
import { systemClock } from '../../kernel/clock.ts'
import { Winbind } from './winbind.ts'

/** Logins that began on an earlier configuration version end on it. */
const GRACE_MILLISECONDS = 60_000

interface Kept {
  readonly winbind: Winbind
  leaving?: NodeJS.Timeout
}

/**
 * The ntlm_auth processes of a thread. They outlive configuration versions: sources whose settings did not change keep
 * theirs.
 */
export class Winbinds {
  readonly #kept = new Map<string, Kept>()

  of(settings: WinbindSourceConfiguration): Winbind {
    const key = keyOf(settings)
    const kept = this.#kept.get(key)
    if (kept !== undefined) {
      clearTimeout(kept.leaving)
      return kept.winbind
    }
    const { program, configurationFile, processes, deadlineMilliseconds } = settings
    const args = configurationFile === undefined ? [] : [`--configfile=${configurationFile}`]
    const winbind = new Winbind({ command: { program, args }, processes, deadlineMilliseconds }, systemClock)
    this.#kept.set(key, { winbind })
    return winbind
  }

  /** Lets go of what no source of this configuration uses. */
  keepOnly(sources: readonly SourceConfiguration[]): void {
    const used = new Set(sources.flatMap((source) => (source.kind === 'winbind' ? keyOf(source) : [])))
    for (const [key, kept] of this.#kept) {
      clearTimeout(kept.leaving)
      if (used.has(key)) continue
      kept.leaving = setTimeout(() => {
        this.#kept.delete(key)
        kept.winbind.close()
      }, GRACE_MILLISECONDS)
      kept.leaving.unref()
    }
  }

  close(): void {
    for (const { winbind, leaving } of this.#kept.values()) {
      clearTimeout(leaving)
      winbind.close()
    }
    this.#kept.clear()
  }
}

function keyOf({
  name,
  program,
  configurationFile,
  processes,
  deadlineMilliseconds,
}: WinbindSourceConfiguration): string {
  return JSON.stringify([name, program, configurationFile, processes, deadlineMilliseconds])
}
