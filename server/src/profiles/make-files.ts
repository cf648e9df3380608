import { RequestError } from '../kernel/errors.ts'
import type { ProfileInput } from './profile-input.ts'
import { type Finding, isObstacle, type ProfileFile, type ProfileOutput } from './profile-output.ts'

/** The files of one output. @throws RequestError 'profile-not-possible' with the obstacles */
export function makeFiles(output: ProfileOutput, input: ProfileInput): readonly ProfileFile[] {
  refuseObstacles(output, input)
  return output.make(input)
}

/** @throws RequestError 'profile-not-possible' with the obstacles */
export function refuseObstacles(output: ProfileOutput, input: ProfileInput): void {
  const obstacles = findingsOf(output, input).filter(isObstacle)
  if (obstacles.length === 0) return
  throw new RequestError('profile-not-possible', obstacles.map(({ message }) => message).join(' '), {
    connection: input.connection.name,
    output: output.id,
  })
}

/** What an output has to say about a connection, after what is the same for all of them. */
export function findingsOf(output: ProfileOutput, input: ProfileInput): readonly Finding[] {
  const { connection, certificate } = input
  if (!output.kinds.includes(connection.kind)) {
    return [
      obstacle(
        'kind-not-served',
        `${output.title} is not for connections of kind ${connection.kind}.`,
        'kind',
      ),
    ]
  }
  if (
    certificate !== undefined &&
    certificate.kind !== 'installed' &&
    !output.certificates.includes(certificate.kind)
  ) {
    return [
      obstacle(
        'certificate-form-not-served',
        `${output.title} cannot bring a certificate by ${certificate.kind}.`,
      ),
    ]
  }
  return output.findings(input)
}

function obstacle(code: string, message: string, setting?: string): Finding {
  return { severity: 'obstacle', code, message, ...(setting === undefined ? {} : { setting }) }
}
