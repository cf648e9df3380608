import { timingSafeEqual } from '@sallyport/bytes'
import { chapResponse, type PacketView, type Secret } from '@sallyport/radius'
import {
  CallingStationId,
  ChapChallenge,
  ChapPassword,
  EapMessage,
  MsChap2Response,
  MsChapResponse,
  ServiceType,
  State,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import type { MacAuthentication } from '../../config/sections/mac-authentication.ts'
import { normaliseMac, normaliseStationMac, readMac } from '../../kernel/mac-address.ts'

/** A request that is MAC authentication bypass: it is looked up in the MAC store and nowhere else. */
export interface RecognisedMac {
  /** Twelve lower-case hexadecimal digits. */
  readonly mac: string
  /** As the RADIUS client wrote it: with EAP-MD5 it is the password as well. */
  readonly userName: string
  /** Calling-Station-Id is missing where it is needed, or names somebody else: what it says. */
  readonly contradictedBy?: string
}

/** RFC 2865 section 5.6. */
const CALL_CHECK = 10

/**
 * Whether a request is MAC authentication bypass by the habit of its RADIUS client; undefined: an ordinary login, which
 * never meets the MAC store. What a user can type must not be enough, so beside the name there is something the RADIUS
 * client alone says: Service-Type Call-Check, or Calling-Station-Id.
 */
export function recogniseMac(
  packet: PacketView,
  secret: Secret,
  settings: MacAuthentication,
): RecognisedMac | undefined {
  const userName = packet.get(UserName)
  const read = userName === undefined ? undefined : readMac(userName)
  if (userName === undefined || read === undefined) return undefined
  if (settings.formats?.includes(read.format) === false) return undefined
  const { mac } = read
  const isEap = packet.hasType(EapMessage.path[0] as number)
  // A State that is no EAP conversation's is none of MAC authentication.
  if (!isEap && packet.hasType(State.path[0] as number)) return undefined
  if (settings.recognise === 'call-check') {
    if (packet.get(ServiceType) !== CALL_CHECK || hasMschap(packet)) return undefined
  } else if (!isEap && !passwordIsMac(packet, secret, mac, userName, settings.blankPassword)) return undefined
  const needed = settings.callingStationId === 'required' || (isEap && settings.recognise !== 'call-check')
  const calling = packet.get(CallingStationId)
  if (calling === undefined) return needed ? { mac, userName, contradictedBy: '' } : { mac, userName }
  return normaliseStationMac(calling) === mac ? { mac, userName } : { mac, userName, contradictedBy: calling }
}

function hasMschap(packet: PacketView): boolean {
  return packet.read(MsChapResponse) !== undefined || packet.read(MsChap2Response) !== undefined
}

/** One proof, PAP or CHAP, of a password that is the same MAC address. */
function passwordIsMac(
  packet: PacketView,
  secret: Secret,
  mac: string,
  userName: string,
  blankPassword: boolean,
): boolean {
  const hasPap = packet.read(UserPassword) !== undefined
  const hasChap = packet.read(ChapPassword) !== undefined
  if ((hasPap && hasChap) || hasMschap(packet)) return false
  // Some leave an empty password out.
  if (!hasPap && !hasChap) return blankPassword
  if (hasChap) return chapIsOf(packet, [userName, ...(blankPassword ? [''] : [])])
  const octets = packet.get(UserPassword, packet.hidingKey(secret))
  if (octets === undefined || octets.length > 32) return false
  if (octets.length === 0) return blankPassword
  return normaliseMac(Buffer.from(octets).toString('latin1')) === mac
}

function chapIsOf(packet: PacketView, passwords: readonly string[]): boolean {
  const value = packet.get(ChapPassword)
  if (value?.length !== 17) return false
  const challenge = packet.get(ChapChallenge) ?? packet.authenticator
  const [id = 0] = value
  return passwords.some((password) =>
    timingSafeEqual(chapResponse(id, Buffer.from(password, 'latin1'), challenge), value.subarray(1)),
  )
}
