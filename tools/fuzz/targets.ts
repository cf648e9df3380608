import { cmsTarget } from './cms-target.ts'
import { configurationTarget } from './configuration-target.ts'
import { dictionaryTarget } from './dictionary-target.ts'
import { eapFlightsTarget } from './eap-flights-target.ts'
import { ldapTarget } from './ldap-target.ts'
import { policyTarget } from './policy-target.ts'
import { profilesTarget } from './profiles-target.ts'
import { radiusTarget } from './radius-target.ts'
import { relayTarget } from './relay-target.ts'
import type { FuzzTarget } from './target.ts'
import { x509Target } from './x509-target.ts'

/** Everything that reads what strangers, or administrators in a hurry, send. */
export const TARGETS: readonly FuzzTarget[] = [
  radiusTarget,
  relayTarget,
  eapFlightsTarget,
  x509Target,
  cmsTarget,
  ldapTarget,
  dictionaryTarget,
  configurationTarget,
  policyTarget,
  profilesTarget,
]
