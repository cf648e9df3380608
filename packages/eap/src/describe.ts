import { toUtf8 } from '@sallyport/bytes'
import { EapType, methodName } from './eap-type.ts'
import { parseMschapV2 } from './methods/eap-mschapv2/packet.ts'
import { nakTypes } from './nak.ts'
import { EapCode, type EapMessage, parseEap } from './packet.ts'

/** One packet in plain words, for a person who follows a conversation. Never shows a password or a response value. */
export function describeEap(octets: Uint8Array): string {
  const parsed = parseEap(octets)
  if (!parsed.ok) return `malformed EAP packet of ${octets.length} octets (${parsed.malformed})`
  const { packet } = parsed
  switch (packet.code) {
    case EapCode.Success:
      return `EAP-Success, identifier ${packet.identifier}`
    case EapCode.Failure:
      return `EAP-Failure, identifier ${packet.identifier}`
    default: {
      const kind = packet.code === EapCode.Request ? 'EAP-Request' : 'EAP-Response'
      return `${kind}/${describeType(packet)}, identifier ${packet.identifier}`
    }
  }
}

function describeType(packet: EapMessage): string {
  const nak = nakTypes(packet)
  if (nak !== undefined) return `Nak, asks for ${nak.length === 0 ? 'nothing' : nak.map(nameOf).join(', ')}`
  switch (packet.type) {
    case EapType.Identity:
      return packet.code === EapCode.Request ? 'Identity' : `Identity ${quoted(packet.data)}`
    case EapType.Notification:
      return packet.code === EapCode.Request ? `Notification ${quoted(packet.data)}` : 'Notification'
    case EapType.Gtc:
      // The response is the password: not even its length is told.
      return packet.code === EapCode.Request ? `eap-gtc prompt ${quoted(packet.data)}` : 'eap-gtc'
    case EapType.MsChapV2:
      return `eap-mschapv2 ${describeMschapV2(packet)}`
    default:
      return `${nameOf(packet.type)}, ${packet.data.length} octets`
  }
}

function describeMschapV2({ code, data }: EapMessage): string {
  const packet = parseMschapV2(data)
  if (packet === undefined) return '(malformed)'
  if (packet.op === 'success' || packet.op === 'failure') {
    return code === EapCode.Request ? `${packet.op} "${packet.message}"` : `${packet.op} acknowledged`
  }
  return packet.op
}

function nameOf(type: number): string {
  return methodName(type) ?? `type ${type}`
}

function quoted(data: Uint8Array): string {
  return JSON.stringify(toUtf8(data) ?? `0x${data.toHex()}`)
}
