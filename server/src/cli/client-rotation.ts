import type { ClientRotation, MadeSecret, ServedVersion } from '../listeners/https/services.ts'
import type { ApiClient } from './api-client.ts'
import { CliError, usageError } from './cli-error.ts'
import type { Input } from './input.ts'
import { type Cell, localTime, table } from './table.ts'
import type { Terminal } from './terminal.ts'

const DEFAULT_QUIET_DAYS = 7

/** `clients rotate NAME`, with --finish or --cancel: the three steps of a new secret. */
export async function rotate(name: string, input: Input, api: ApiClient): Promise<string> {
  const path = `/clients/${encodeURIComponent(name)}/rotation`
  if (input.has('finish') && input.has('cancel')) throw usageError('Either --finish or --cancel.')
  if (input.has('finish')) {
    const quietDays = quietDaysOf(input)
    const end = { quietDays, force: input.has('force') }
    const { version } = await api
      .send<ServedVersion>('POST', `${path}/finish`, end)
      .catch((error: unknown) => {
        if (!(error instanceof CliError)) throw error
        throw new CliError(
          `${error.message}\nSee: npx sallyport clients rotation. To drop it all the same: --force.`,
        )
      })
    return `The old secret of ${name} is dropped (version ${version}).`
  }
  if (input.has('cancel')) {
    const { version } = await api.send<ServedVersion>('DELETE', path)
    return `The new secret of ${name} is taken back (version ${version}).`
  }
  const secret = input.text('secret')
  const begin = { force: input.has('force'), ...(secret === undefined ? {} : { secret }) }
  const made = await api.send<MadeSecret>('POST', path, begin)
  return [
    secretText(made, `The new secret of ${name}, shown this once:`),
    `Both secrets are valid now (version ${made.version}). Set it on the device, watch "clients rotation", then`,
    `npx sallyport clients rotate ${name} --finish`,
  ].join('\n')
}

/** `clients rotation`: who still uses the old secret. */
export async function rotationProgress(input: Input, terminal: Terminal, api: ApiClient): Promise<string> {
  const query = { quietDays: String(quietDaysOf(input)) }
  const { items } = await api.get<{ items: ClientRotation[] }>('/clients/rotations', query)
  if (input.has('json')) return JSON.stringify(items, null, 2)
  if (items.length === 0) return 'No secret is being changed. To begin: npx sallyport clients rotate NAME'
  return items.map((item) => progressText(item, terminal)).join('\n\n')
}

export function secretText({ secret }: MadeSecret, sentence: string): string {
  return secret === undefined ? 'The secret that was given is in use.' : `${sentence}\n\n  ${secret}\n`
}

const STATES = { new: 'new secret', old: 'OLD secret', untold: 'cannot be told' } as const

function progressText(
  { client, proved, obstacles, lastOldAt, addresses }: ClientRotation,
  terminal: Terminal,
) {
  const rows = addresses.map((address): Cell[] => [
    address.address,
    {
      text: STATES[address.state],
      paint: (text) => terminal.paint(address.state === 'new' ? 'good' : 'warn', text),
    },
    String(address.oldRequests),
    localTime(address.lastOldAt),
    String(address.newRequests),
    localTime(address.lastNewAt),
  ])
  const changed = addresses.filter(({ state }) => state === 'new').length
  const verdict = [
    `${changed} of ${addresses.length} addresses use the new secret; the last use of the old one: ${localTime(lastOldAt)}.`,
    ...(proved ? [`Proved. Finish with: npx sallyport clients rotate ${client} --finish`] : obstacles),
  ]
  const headings = ['address', 'uses', 'old requests', 'last old', 'new requests', 'last new']
  return [
    terminal.paint('strong', client),
    ...(rows.length === 0 ? [] : [table(headings, rows)]),
    ...verdict,
  ].join('\n')
}

function quietDaysOf(input: Input): number {
  return input.number('days', 0, 365) ?? DEFAULT_QUIET_DAYS
}
