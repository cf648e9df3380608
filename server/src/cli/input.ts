import { parseArgs } from 'node:util'
import { nearest } from '../policy/suggestion.ts'
import { usageError } from './cli-error.ts'
import type { Command, Flag } from './command.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What was typed after a command's name, checked against its flags. A flag wins over its environment variable. */
export class Input {
  readonly positionals: readonly string[]
  readonly #values: ReadonlyMap<string, string | true>
  readonly #repeated: ReadonlyMap<string, readonly string[]>

  constructor(
    values: ReadonlyMap<string, string | true>,
    positionals: readonly string[],
    repeated: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    this.#values = values
    this.#repeated = repeated
    this.positionals = positionals
  }

  has(flag: string): boolean {
    return this.#values.has(flag)
  }

  text(flag: string): string | undefined {
    const value = this.#values.get(flag)
    return typeof value === 'string' ? value : undefined
  }

  /** All values of a flag that may be repeated. */
  all(flag: string): readonly string[] {
    return this.#repeated.get(flag) ?? []
  }

  required(flag: string, hint = ''): string {
    const value = this.text(flag)
    if (value === undefined) throw usageError(`--${flag} is missing.${hint === '' ? '' : ` ${hint}`}`)
    return value
  }

  /** A whole number from `least` to `most`. */
  number(flag: string, least: number, most: number): number | undefined {
    const text = this.text(flag)
    if (text === undefined) return undefined
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) {
      throw usageError(`--${flag} takes a number from ${least} to ${most}, not "${text}".`)
    }
    return value
  }

  /** One of a few words. */
  choice<Word extends string>(flag: string, words: readonly Word[]): Word | undefined {
    const text = this.text(flag)
    const word = words.find((one) => one === text)
    if (text === undefined || word !== undefined) return word
    const meant = nearest(text, words)
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    throw usageError(`--${flag} takes ${words.join(', ')}, not "${text}".${hint}`)
  }
}

/** Parses by the command's flags; throws a usage error that says what was probably meant. */
export function parseInput(command: Command, args: readonly string[], env: Environment): Input {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(command.flags).map(([name, flag]) => [name, optionOf(flag)])),
    strict: false,
    tokens: true,
  })
  const values = new Map<string, string | true>()
  const repeated = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined
    if (flag === undefined) throw unknownFlag(command, token.rawName)
    const value = flagValue(token.rawName, token.value, flag)
    values.set(token.name, value)
    if (flag.repeatable === true && value !== true) {
      const all = repeated.get(token.name)
      if (all === undefined) repeated.set(token.name, [value])
      else all.push(value)
    }
  }
  for (const [name, flag] of Object.entries(command.flags)) {
    const value = flag.env === undefined ? undefined : env[flag.env]
    if (value === undefined || value === '' || values.has(name)) continue
    if (flag.value !== undefined) values.set(name, value)
    else if (isSwitchedOn(flag.env ?? name, value)) values.set(name, true)
  }
  checkPositionals(command, positionals)
  return new Input(values, positionals, repeated)
}

function optionOf(flag: Flag) {
  const type = flag.value === undefined ? ('boolean' as const) : ('string' as const)
  return flag.short === undefined ? { type } : { type, short: flag.short }
}

function flagValue(rawName: string, value: string | undefined, flag: Flag): string | true {
  if (flag.value === undefined) {
    if (value !== undefined) throw usageError(`${rawName} takes no value.`)
    return true
  }
  if (value === undefined) throw usageError(`${rawName} needs a value: ${rawName} ${flag.value}`)
  return value
}

const SWITCH: Readonly<Record<string, boolean>> = {
  1: true,
  true: true,
  yes: true,
  on: true,
  0: false,
  false: false,
  no: false,
  off: false,
}

/** A flag without a value, given by its environment variable. */
function isSwitchedOn(variable: string, value: string): boolean {
  const word = value.toLowerCase()
  const isOn = Object.hasOwn(SWITCH, word) ? SWITCH[word] : undefined
  if (isOn === undefined) {
    throw usageError(`${variable} takes one of ${Object.keys(SWITCH).join(', ')}, not "${value}".`)
  }
  return isOn
}

function unknownFlag(command: Command, rawName: string): Error {
  const known = Object.keys(command.flags).map((name) => `--${name}`)
  const meant = nearest(rawName, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return usageError(
    `${command.name} has no flag ${rawName}.${hint}\nSee: npx sallyport ${command.name} --help`,
  )
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const required = command.positionals.filter((name) => !name.endsWith('?'))
  const missing = required[given.length]
  const usage = `Usage: npx sallyport ${command.name} ${command.usage}`.trimEnd()
  if (missing !== undefined) throw usageError(`${command.name} needs <${missing}>.\n${usage}`)
  const extra = given[command.positionals.length]
  if (extra !== undefined) throw usageError(`"${extra}" is one argument too many.\n${usage}`)
}
