import type { VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { Guide, Section } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { tunnelFindings } from '../parts/abilities.ts'
import { titleOf, userName, usesCertificate } from '../parts/facts.ts'
import { waySections } from '../parts/ways.ts'
import { named, say, ui } from '../phrase.ts'
import { certificateSections } from './windows-certificates.ts'
import { ABILITIES } from './windows-vpn.ts'
import { classicSteps } from './windows-wizard.ts'
import { windowsErrors } from './windows-works.ts'

const NAME = 'The sign-in screen of Windows'

/** Only connections of all users are there (PLAP). */
function findings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { allUsers } = input.connection
  return [
    ...tunnelFindings(NAME, input, ABILITIES),
    ...(allUsers
      ? []
      : [
          {
            severity: 'obstacle',
            code: 'not-for-all-users',
            message: `${NAME} shows connections of all users alone: set allUsers.`,
            setting: 'allUsers',
          } as const,
        ]),
  ]
}

function atTheScreen(input: ProfileInput<VpnConnection>): Section {
  return {
    title: say('signInTitle'),
    blocks: [
      {
        kind: 'steps',
        steps: [
          { say: say('signInNetwork') },
          { say: say('signInIcon', { icon: ui(W.networkSignIn) }) },
          { say: say('signInIcon7', { button: ui(W.switchUser) }) },
          { say: say('signInChoose', { connection: named(titleOf(input)) }) },
          usesCertificate(input.connection.authentication)
            ? { say: say('chooseOwnCertificate') }
            : { say: say('typeNameAndPassword', { user: userName(input) }) },
          { say: say('signInWindows') },
        ],
      },
    ],
  }
}

export const WINDOWS_SIGN_IN: Guide = {
  id: 'windows-sign-in',
  name: { key: 'windowsSignIn', values: {} },
  system: 'windows',
  container: 'modern',
  vpn: {
    abilities: ABILITIES,
    findings,
    sections: (input) => {
      const ways = input.connection.tunnelTypes
      return [
        { title: say('onceTitle'), blocks: [{ kind: 'paragraph', say: say('onceByAdministrator') }] },
        ...certificateSections(input, true),
        ...waySections(ways, (tunnel) => classicSteps(input, tunnel)),
        atTheScreen(input),
        windowsErrors(input.connection, ways),
      ]
    },
  },
}
