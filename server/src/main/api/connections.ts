import type { ConnectionConfiguration } from '../../config/schema.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Connection, ConnectionService } from '../../listeners/https/services.ts'
import { CLIENT_OUTPUTS } from '../../profiles/client-outputs.ts'
import { findingsOf, makeFiles } from '../../profiles/make-files.ts'
import { isObstacle, type ProfileFile } from '../../profiles/profile-output.ts'
import type { ApiParts } from '../api-services.ts'
import { connectionOf, personOf, profileInput } from '../profiles/profile-inputs.ts'
import type { CertificateIssuing } from './certificate-issuing.ts'

/** Connections as people get them, and the files they are handed out in. */
export function connectionApi(
  { configuration, authority }: Pick<ApiParts, 'configuration' | 'authority'>,
  issuing: Pick<CertificateIssuing, 'accountOf'>,
): ConnectionService {
  const served = () => configuration.snapshot.configuration
  const describe = (connection: ConnectionConfiguration): Connection => {
    const input = profileInput(served(), authority, connection, {})
    const { name, kind, title = name, enabled, authentication, groups } = connection
    const outputs = CLIENT_OUTPUTS.filter(({ kinds }) => kinds.includes(kind)).map((output) => {
      const findings = [...findingsOf(output, input)]
      const { id, title: outputTitle, system } = output
      return { id, title: outputTitle, system, possible: !findings.some(isObstacle), findings }
    })
    return { name, kind, title, enabled, authentication, groups, outputs }
  }
  return {
    list: async () => served().connections.map(describe),
    make: async (name, { output: id, user, language }) => {
      const connection = connectionOf(served(), name)
      const output = CLIENT_OUTPUTS.find((one) => one.id === id)
      if (output === undefined) {
        throw new RequestError('output-not-found', `There is no output "${id}".`, { output: id })
      }
      const person = user === undefined ? undefined : personOf(await issuing.accountOf(user))
      const wish = { ...(person !== undefined && { person }), ...(language !== undefined && { language }) }
      return makeFiles(output, profileInput(served(), authority, connection, wish)).map(transported)
    },
  }
}

export function transported({ content, ...file }: ProfileFile) {
  return typeof content === 'string'
    ? { ...file, encoding: 'utf8' as const, content }
    : { ...file, encoding: 'base64' as const, content: Buffer.from(content).toString('base64') }
}
