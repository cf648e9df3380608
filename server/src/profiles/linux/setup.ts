import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { setupClients, withOwnFiles } from './setup-plan.ts'
import { setupScript } from './setup-script.ts'
import { linuxSwanctl } from './swanctl.ts'
import { systemName } from './system-name.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

/** One script that sets a connection up and takes it away again, with the certificate where one is needed. */
export const linuxSetup: ProfileOutput = {
  id: 'linux-setup',
  title: 'Set-up script for Linux',
  system: 'linux',
  kinds: ['vpn', 'wifi', 'wired'],
  certificates: ['est', 'pkcs12', 'installed'],
  findings,
  make: (input) => [
    {
      name: `${systemName(input.connection)}-setup.sh`,
      mediaType: 'text/x-shellscript',
      content: setupScript(input, setupClients(input)),
      holdsSecret: holdsSecret(input),
    },
  ],
}

const CLIENTS = [linuxNetworkManager, linuxSwanctl, linuxWpaSupplicant]

/** Those of the first client that can keep it; where none can, those of all. */
function findings(input: ProfileInput): readonly Finding[] {
  const refused = refusedTexts(input)
  if (refused.length > 0) return refused
  const outputs = CLIENTS.filter(({ kinds }) => kinds.includes(input.connection.kind))
  const [preferred] = setupClients(input)
  if (preferred === undefined) return outputs.flatMap((output) => findingsOf(output, withOwnFiles(input)))
  return [
    {
      severity: 'warning',
      code: 'client-chosen',
      message: `It sets up ${setupClients(input)
        .map(({ name }) => name)
        .join(' or ')}; see the forms of each for what it cannot do.`,
    },
  ]
}

function holdsSecret({ connection, certificate }: ProfileInput): boolean {
  const isBrought = certificate?.kind === 'pkcs12' || certificate?.kind === 'est'
  return isBrought || (connection.kind === 'vpn' && connection.preSharedKey !== undefined)
}
