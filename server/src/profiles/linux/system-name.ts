import { fileName } from '../file-name.ts'
import { stableUuid } from '../stable-uuid.ts'

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9 _-]{0,40}$/

/** What files and sections of a connection are called: ASCII, and another name for each connection. */
export function systemName(connection: { readonly name: string }): string {
  const name = fileName(connection.name, 'x').slice(0, -'.x'.length)
  if (PLAIN.test(connection.name)) return name
  // Two names in another script would become the same.
  return `${name.slice(0, 40)}-${stableUuid('linux', connection.name).slice(0, 8)}`
}
