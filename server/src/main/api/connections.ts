import { setImmediate as turn } from 'node:timers/promises'
import type { ConnectionConfiguration } from '../../config/schema.ts'
import type { Connection, ConnectionService } from '../../listeners/https/services.ts'
import { CLIENT_OUTPUTS } from '../../profiles/client-outputs.ts'
import { findingsOf } from '../../profiles/make-files.ts'
import { possibilityOf } from '../../profiles/possibility.ts'
import type { ProfileFile } from '../../profiles/profile-output.ts'
import type { ApiParts } from '../api-services.ts'
import { profileInput } from '../profiles/profile-inputs.ts'
import type { MadeFiles, ProfileMaker } from '../profiles/profile-maker.ts'
import type { CertificateIssuing } from './certificate-issuing.ts'
import { instant, optional } from './instant.ts'

/** Connections as people get them, and the files they are handed out in. */
export function connectionApi(
  { configuration, authority }: Pick<ApiParts, 'configuration' | 'authority'>,
  issuing: Pick<CertificateIssuing, 'accountOf'>,
  maker: ProfileMaker,
): ConnectionService {
  const served = () => configuration.snapshot.configuration
  const describe = (connection: ConnectionConfiguration): Connection => {
    const input = profileInput(served(), authority, connection, {})
    const { name, kind, title = name, enabled, authentication, groups } = connection
    const outputs = CLIENT_OUTPUTS.filter(({ kinds }) => kinds.includes(kind)).map((output) => {
      const findings = [...findingsOf(output, input)]
      const { id, title: outputTitle, system } = output
      return { id, title: outputTitle, system, possible: possibilityOf(output, input), findings }
    })
    return { name, kind, title, enabled, authentication, groups, outputs }
  }
  return {
    list: async () => {
      const items: Connection[] = []
      for (const connection of served().connections) {
        items.push(describe(connection))
        // A thousand connections take seconds, in which whoever enrols or logs in here is to have a turn.
        await turn()
      }
      return items
    },
    make: async (connection, { user, output, ...wish }, author) => {
      const identity = user === undefined ? undefined : await issuing.accountOf(user)
      const asker = { by: 'administrator', name: author } as const
      const plan = maker.plan({ ...wish, connection, output, asker, ...optional('identity', identity) })
      const { files, findings, certificate } = await plan.make()
      return {
        files: files.map(transported),
        findings,
        ...optional('certificate', certificate && told(certificate)),
      }
    },
  }
}

function told(certificate: NonNullable<MadeFiles['certificate']>) {
  const { form, template, serial, notAfter, password, challengeExpiresAt, passedOver } = certificate
  return {
    ...{ form, passedOver },
    ...optional('template', template),
    ...optional('serial', serial),
    ...optional('notAfter', notAfter === undefined ? undefined : instant(notAfter)),
    ...optional('password', password),
    ...optional(
      'challengeExpiresAt',
      challengeExpiresAt === undefined ? undefined : instant(challengeExpiresAt),
    ),
  }
}

export function transported({ content, ...file }: ProfileFile) {
  return typeof content === 'string'
    ? { ...file, encoding: 'utf8' as const, content }
    : { ...file, encoding: 'base64' as const, content: Buffer.from(content).toString('base64') }
}
