import type { ProfileFacts, ReadingFault, TunnelFacts } from '../profile-facts.ts'
import { EAP } from './eap-namespaces.ts'
import { readEapHostConfig } from './read-eap-xml.ts'
import type { XmlPlace } from './xml-place.ts'

const TYPES: Readonly<Record<string, TunnelFacts['type']>> = {
  ikev2: 'ikev2',
  sstp: 'sstp',
  l2tp: 'l2tp',
  pptp: 'pptp',
  automatic: 'automatic',
  protocollist: 'automatic',
}
const ENCRYPTIONS: Readonly<Record<string, TunnelFacts['encryption']>> = {
  none: 'none',
  optional: 'optional',
  require: 'required',
  max: 'maximum',
}
/** Values of the profile; the cmdlet has others for the same (VPNv2 CSP). */
const SUITE_VALUES: Readonly<Record<string, RegExp>> = {
  AuthenticationTransformConstants: /^(MD596|SHA196|SHA256128|GCMAES(128|192|256)|None)$/,
  CipherTransformConstants: /^(DES3?|AES(128|192|256)|GCMAES(128|192|256)|None)$/,
  PfsGroup: /^(None|PFS1|PFS2|PFS2048|ECP256|ECP384|PFSMM|PFS24)$/,
  DHGroup: /^(None|Group1|Group2|Group14|ECP256|ECP384|Group24)$/,
  IntegrityCheckMethod: /^(MD5|SHA196|SHA256|SHA384)$/,
  EncryptionMethod: /^(DES3?|AES(128|192|256)|AES_GCM_(128|256))$/,
}
const NONE = ''

/** ProfileXML of Always On VPN (VPNv2 CSP). */
export function readProfileXml(root: XmlPlace, faults: ReadingFault[]): ProfileFacts {
  const native = root.child(NONE, 'NativeProfile')
  if (native === undefined) return { format: 'profile-xml', eap: [], tunnels: [], networks: [], faults }
  contradictions(root, native)
  const authentication = native.child(NONE, 'Authentication')
  const host = authentication?.at(NONE, 'Eap', 'Configuration')?.child(EAP.host, 'EapHostConfig')
  return {
    format: 'profile-xml',
    eap: host === undefined ? [] : readEapHostConfig(host),
    tunnels: [tunnelOf(root, native, authentication)],
    networks: [],
    faults,
  }
}

function tunnelOf(root: XmlPlace, native: XmlPlace, authentication: XmlPlace | undefined): TunnelFacts {
  const type = TYPES[native.child(NONE, 'NativeProtocolType')?.text.toLowerCase() ?? ''] ?? 'automatic'
  const encryption = ENCRYPTIONS[root.child(NONE, 'DataEncryption')?.text.toLowerCase() ?? '']
  const suites = suitesOf(native.child(NONE, 'CryptographySuite'))
  const hasPsk = native.child(NONE, 'L2tpPsk') !== undefined
  const methods = ['UserMethod', 'MachineMethod'].flatMap((name) => {
    const text = authentication?.child(NONE, name)?.text.toLowerCase()
    return text === undefined ? [] : [text]
  })
  return {
    ...{ place: native.place, type, usesPreSharedKey: hasPsk, holdsSecret: hasPsk, methods },
    // What the profile does not say, Windows takes for required.
    encryption: encryption ?? 'required',
    ...(suites === undefined ? {} : { suites }),
  }
}

function suitesOf(suite: XmlPlace | undefined): readonly string[] | undefined {
  if (suite === undefined) return undefined
  return Object.entries(SUITE_VALUES).flatMap(([name, values]) => {
    const child = suite.child(NONE, name)
    if (child === undefined) {
      suite.fault('value-wrong', `${name} is missing: Windows takes the suite only whole.`)
      return []
    }
    if (!values.test(child.text)) {
      child.fault('value-wrong', `"${child.text.slice(0, 40)}" is no value of ${name} in a profile.`)
    }
    // A cipher with GCM needs no hash; no PFS is no weakness of a suite.
    return child.text === 'None' ? [] : [child.text]
  })
}

function contradictions(root: XmlPlace, native: XmlPlace): void {
  const isForced = native.child(NONE, 'RoutingPolicyType')?.text === 'ForceTunnel'
  const routes = root.all(NONE, 'Route').filter((route) => route.flag(NONE, 'ExclusionRoute') !== true)
  if (isForced && routes.length > 0) {
    native.fault('contradiction', 'ForceTunnel together with routes: Windows then does not force.')
  }
  if (isForced && native.flag(NONE, 'DisableClassBasedDefaultRoute') === true) {
    native.fault('contradiction', 'ForceTunnel together with DisableClassBasedDefaultRoute.')
  }
  if (!isForced && native.flag(NONE, 'DisableClassBasedDefaultRoute') === true && routes.length === 0) {
    native.fault(
      'contradiction',
      'DisableClassBasedDefaultRoute without routes: nothing goes through the tunnel.',
    )
  }
  if (root.flag(NONE, 'DeviceTunnel') !== true) return
  if (native.child(NONE, 'NativeProtocolType')?.text !== 'IKEv2') {
    native.fault('contradiction', 'A device tunnel is IKEv2.')
  }
  if (isForced) native.fault('contradiction', 'A device tunnel is split: ForceTunnel is not for it.')
  if (native.at(NONE, 'Authentication', 'MachineMethod')?.text !== 'Certificate') {
    native.fault('contradiction', 'A device tunnel proves itself by the certificate of the machine.')
  }
}
