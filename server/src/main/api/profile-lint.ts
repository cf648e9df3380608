import { createHash } from 'node:crypto'
import { RequestError } from '../../kernel/errors.ts'
import type { ProfileLintService } from '../../listeners/https/services.ts'
import { CLIENT_OUTPUTS } from '../../profiles/client-outputs.ts'
import type { KnownServer } from '../../profiles/linter/eap-rules.ts'
import { lintProfile } from '../../profiles/linter/lint-profile.ts'
import { isLintable, UnreadableProfile } from '../../profiles/linter/profile-facts.ts'
import { findingsOf } from '../../profiles/make-files.ts'
import type { ProfileInput } from '../../profiles/profile-input.ts'
import { isObstacle } from '../../profiles/profile-output.ts'
import type { ApiParts } from '../api-services.ts'
import { connectionOf, profileInput } from '../profiles/profile-inputs.ts'

/** Traps in profiles: in those made here, and in whatever somebody pastes in. */
export function profileLintApi({
  configuration,
  authority,
}: Pick<ApiParts, 'configuration' | 'authority'>): ProfileLintService {
  const served = () => configuration.snapshot.configuration
  return {
    file: async (content) => lint(Buffer.from(content, 'base64')),
    connection: async (name) => {
      const connection = connectionOf(served(), name)
      const input = profileInput(served(), authority, connection, { certificate: { kind: 'installed' } })
      return CLIENT_OUTPUTS.filter((output) => !findingsOf(output, input).some(isObstacle)).flatMap(
        (output) =>
          output
            .make(input)
            .filter(isLintable)
            .map((file) => ({
              output: output.id,
              file: file.name,
              ...lint(octets(file.content), serverOf(input)),
            })),
      )
    },
  }
}

const octets = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : content

function serverOf({ radiusServer: { names, anchors } }: ProfileInput): KnownServer {
  return { names, thumbprints: anchors.map(({ der }) => createHash('sha1').update(der).digest('hex')) }
}

/** @throws RequestError 'profile-unreadable' */
function lint(content: Uint8Array, known?: KnownServer) {
  try {
    return lintProfile(content, known)
  } catch (error) {
    if (!(error instanceof UnreadableProfile)) throw error
    throw new RequestError('profile-unreadable', error.message, {}, error)
  }
}
