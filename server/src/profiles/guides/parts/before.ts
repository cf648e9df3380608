import type { ProfileInput } from '../../profile-input.ts'
import type { Block, Section } from '../guide.ts'
import { code, type Phrase, say } from '../phrase.ts'
import { personalFile, rootFiles, userName, usesCertificate, usesPassword } from './facts.ts'

/** What has to be at hand, and what to watch out for. */
export function beforeSection(input: ProfileInput): Section {
  return {
    title: say('beforeTitle'),
    blocks: [{ kind: 'list', items: needs(input) }, ...warnings(input)],
  }
}

function needs(input: ProfileInput): readonly Phrase[] {
  const { connection, certificate } = input
  const own = personalFile(input)
  return [
    connection.kind === 'vpn' ? say('needInternet') : say('needNearby'),
    ...(usesPassword(connection.authentication) ? [say('needPassword', { user: userName(input) })] : []),
    ...(usesCertificate(connection.authentication)
      ? [
          own !== undefined
            ? say('needCertificateFile', { file: code(own.name) })
            : certificate?.kind === 'installed'
              ? say('needCertificateInstalled')
              : say('needCertificate'),
        ]
      : []),
    ...rootFiles(input).map(({ name }) => say('needRoot', { file: code(name) })),
  ]
}

function warnings({ connection }: ProfileInput): readonly Block[] {
  if (connection.kind !== 'vpn') return []
  const { tunnelTypes, l2tpMachineAuthentication, encryption } = connection
  const boxes: Phrase[] = []
  if (tunnelTypes.includes('pptp')) boxes.push(say('warnPptp'))
  if (tunnelTypes.includes('l2tp') && l2tpMachineAuthentication === 'psk') boxes.push(say('warnPreSharedKey'))
  if (encryption === 'optional' || encryption === 'none') boxes.push(say('warnNoEncryption'))
  return boxes.map((box) => ({ kind: 'warning', say: box }))
}
