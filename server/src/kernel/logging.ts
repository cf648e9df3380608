import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino'
import type { Clock } from './clock.ts'

/** Log components; each has a level of its own. */
export const COMPONENTS = [
  'server',
  'radius',
  'eap',
  'identity',
  'policy',
  'accounting',
  'coa',
  'config',
  'store',
  'api',
  'pki',
  'journal',
  'grants',
] as const

export type Component = (typeof COMPONENTS)[number]
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type Level = (typeof LEVELS)[number]

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>

/** A level that somebody set for a while; it falls back by itself. */
export interface LevelOverride {
  readonly component: Component
  readonly level: Level
  /** Milliseconds since the epoch. */
  readonly until: number
}

/**
 * The loggers of one thread: one JSON line per event on standard output (time, level, component, code, who, why).
 * Secrets are kept out by what callers pass; the redaction here is the second lock on the same door.
 */
export class Logging {
  readonly #root: PinoLogger
  readonly #clock: Clock
  readonly #base: Level
  readonly #loggers = new Map<Component, PinoLogger>()
  readonly #overrides = new Map<Component, { override: LevelOverride; timer: NodeJS.Timeout }>()

  constructor(options: { clock: Clock; level?: Level; stream?: DestinationStream }) {
    this.#clock = options.clock
    this.#base = options.level ?? 'info'
    this.#root = pino(
      {
        level: 'trace',
        base: null,
        timestamp: () => `,"time":"${new Date(options.clock.now()).toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        redact: ['password', 'secret', 'token', 'key', '*.password', '*.secret', '*.token', '*.key'],
      },
      options.stream ?? destination({ fd: 1, sync: true }),
    )
  }

  for(component: Component): Logger {
    let logger = this.#loggers.get(component)
    if (logger === undefined) {
      logger = this.#root.child({ component })
      logger.level = this.#overrides.get(component)?.override.level ?? this.#base
      this.#loggers.set(component, logger)
    }
    return logger
  }

  /** Sets a component's level until the override's time; in the past or `silent` for ever is not possible. */
  override(override: LevelOverride): void {
    this.#drop(override.component)
    const left = override.until - this.#clock.now()
    if (left <= 0) return
    const timer = setTimeout(() => this.#drop(override.component), left).unref()
    this.#overrides.set(override.component, { override, timer })
    this.#apply(override.component, override.level)
  }

  levels(): Record<Component, { level: Level; until?: string }> {
    const entries = COMPONENTS.map((component) => {
      const override = this.#overrides.get(component)?.override
      if (override === undefined) return [component, { level: this.#base }] as const
      return [component, { level: override.level, until: new Date(override.until).toISOString() }] as const
    })
    return Object.fromEntries(entries) as Record<Component, { level: Level; until?: string }>
  }

  close(): void {
    for (const component of [...this.#overrides.keys()]) this.#drop(component)
  }

  #drop(component: Component): void {
    clearTimeout(this.#overrides.get(component)?.timer)
    this.#overrides.delete(component)
    this.#apply(component, this.#base)
  }

  #apply(component: Component, level: Level): void {
    const logger = this.#loggers.get(component)
    if (logger !== undefined) logger.level = level
  }
}
