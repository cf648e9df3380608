import type { VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { FieldRow, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { code, say, ui, words } from '../phrase.ts'

/** DNS in the window of a connection, on every Windows: the tab Networking; none where the gateway tells everything. */
export function dnsSteps(input: ProfileInput<VpnConnection>): readonly Step[] {
  const { servers, suffixes, register } = input.connection.dns
  const [first, second] = servers
  const [suffix] = suffixes
  const addresses: FieldRow[] = [
    ...(first === undefined ? [] : [{ label: W.preferredDns, value: code(first) }]),
    ...(second === undefined ? [] : [{ label: W.alternateDns, value: code(second) }]),
  ]
  const names: FieldRow[] = [
    ...(suffix === undefined ? [] : [{ label: W.dnsSuffix, value: code(suffix) }]),
    ...(register ? [{ label: W.registerInDns, value: words(say('ticked')) }] : []),
  ]
  if (addresses.length + names.length === 0) return []
  return [
    { say: say('chooseOnTab', { tab: ui(W.networking), option: ui(W.ipv4), button: ui(W.properties) }) },
    ...(addresses.length === 0
      ? []
      : [{ say: say('chooseAndFill', { option: ui(W.dnsAddresses) }), fields: addresses }]),
    ...(names.length === 0
      ? []
      : [
          { say: say('click', { button: ui(W.advanced) }) },
          { say: say('fillOnTab', { tab: ui(W.dns) }), fields: names },
        ]),
  ]
}
