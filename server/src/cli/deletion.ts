import { about } from './by-action.ts'
import { EXIT, usageError } from './cli-error.ts'
import { withApi } from './connection.ts'

/** The action `delete ID` of things that are numbered. */
export function deletion(noun: 'challenge' | 'link') {
  return about('ID', async (input, terminal, id) => {
    if (!/^\d{1,15}$/.test(id)) throw usageError(`"${id}" is no number of a ${noun}.`)
    await withApi(input, (api) => api.send('DELETE', `/${noun}s/${id}`))
    terminal.print(`Deleted ${noun} ${id}.`)
    return EXIT.ok
  })
}
