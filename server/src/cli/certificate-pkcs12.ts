import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MadePkcs12 } from '../listeners/https/services.ts'
import { fileName } from './certificate-files.ts'
import { CliError, EXIT, type ExitCode } from './cli-error.ts'
import { withApi } from './connection.ts'
import type { Input } from './input.ts'
import { localTime, oneLine } from './table.ts'
import { messageOf, type Terminal } from './terminal.ts'

/** `pkcs12`: key and certificate for a person in one file. Its place is looked at before anything is issued. */
export async function makePkcs12(input: Input, terminal: Terminal): Promise<ExitCode> {
  const user = input.required('user', 'Whom is it for? --user NAME')
  const legacy = input.has('legacy')
  const file = preparePlace(input.text('out') ?? '.', user, input.has('force'))
  const body = { user, legacy, template: input.text('template'), days: input.number('days', 1, 730) }
  const made = await withApi(input, (api) => api.send<MadePkcs12>('POST', '/certificates/pkcs12', body))
  const { container, password, ...told } = made
  try {
    rmSync(file, { force: true })
    writeFileSync(file, Buffer.from(container, 'base64'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const hint = `Revoke it: sallyport certificates revoke ${made.serial}`
    throw new CliError(`Certificate ${made.serial} was issued, but not written: ${messageOf(error)}\n${hint}`)
  }
  terminal.print(
    input.has('json')
      ? JSON.stringify({ ...told, password, file }, null, 2)
      : [
          `Issued ${made.serial} for ${oneLine(made.userName)}, valid until ${localTime(made.notAfter)}.`,
          `  ${file}   key, certificate and CAs; the server keeps neither key nor password`,
          `  password ${password}   (shown this once)`,
          ...(legacy
            ? [
                'The file is in the old form (3DES, SHA-1): whoever has it can try passwords fast. Delete it once it is imported.',
              ]
            : []),
        ].join('\n'),
  )
  return EXIT.ok
}

function preparePlace(folder: string, user: string, force: boolean): string {
  const file = join(folder, `${fileName(user)}.p12`)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new CliError(`${folder} cannot be used: ${messageOf(error)}`)
  }
  if (existsSync(file) && !force) {
    throw new CliError(`There already: ${file}. Choose another folder with --out, or use --force.`)
  }
  return file
}
