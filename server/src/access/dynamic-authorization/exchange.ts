import { type Attribute, PacketCode, RadiusError } from '@sallyport/radius'
import { ErrorCause, ErrorCauseValue } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import type { Device } from './device-address.ts'
import { sourceAddressFor } from './source-address.ts'

/** A request to one device. */
export interface DeviceRequest {
  readonly device: Device
  /** The current one first; the second is tried where the first got no answer. */
  readonly secrets: readonly string[]
  readonly code: typeof PacketCode.DisconnectRequest | typeof PacketCode.CoaRequest
  readonly attributes: readonly Attribute[]
  readonly messageAuthenticator: boolean
  readonly timeoutSeconds: number
  readonly retries: number
  /** Addresses this server listens on: the device takes CoA from one of them. */
  readonly listening: readonly string[]
}

export type DeviceAnswer =
  | { readonly kind: 'ack' | 'nak'; readonly errorCause: number | undefined; readonly attempts: number }
  /** `detail`: what was heard instead of an answer, if anything. */
  | { readonly kind: 'silence'; readonly attempts: number; readonly detail: string | undefined }

/** Sends until the device answers or the attempts are used up: the same octets each time (RFC 5080 section 2.2.1). */
export async function askDevice(request: DeviceRequest): Promise<DeviceAnswer> {
  let attempts = 0
  let detail: string | undefined
  for (const secret of request.secrets) {
    const answer = await askWith(request, secret)
    attempts += answer.attempts
    if (answer.kind !== 'silence') return { ...answer, attempts }
    detail ??= answer.detail
  }
  return { kind: 'silence', attempts, detail }
}

/** One socket for each request: nothing of one device, or of one secret, can reach the request of another. */
async function askWith(request: DeviceRequest, secret: string): Promise<DeviceAnswer> {
  const { device, code, attributes, timeoutSeconds, retries, messageAuthenticator } = request
  const localAddress = sourceAddressFor(device.address, request.listening)
  const client = new RadiusClient({
    host: device.address,
    port: device.port,
    secret,
    timeoutMs: timeoutSeconds * 1000,
    retries,
    signEveryRequest: messageAuthenticator,
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  try {
    const { packet, attempts } = await client.send(code, attributes)
    const isAck = packet.code === PacketCode.DisconnectAck || packet.code === PacketCode.CoaAck
    return { kind: isAck ? 'ack' : 'nak', errorCause: packet.get(ErrorCause), attempts }
  } catch (error) {
    if (!(error instanceof RadiusError)) throw error
    if (error.code === 'network') return { kind: 'silence', attempts: 0, detail: error.message }
    if (error.code !== 'timeout') throw error
    return { kind: 'silence', attempts: Number(error.values.attempts ?? 0), detail: heardInstead(error) }
  } finally {
    await client.close()
  }
}

function heardInstead(error: RadiusError): string | undefined {
  if (typeof error.values.ignored === 'string') return error.values.ignored
  return error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : undefined
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ErrorCauseValue).map(([name, value]) => [value, name]),
)

/** As RFC 5176 section 3.5 calls it. */
export function errorCauseName(value: number): string {
  return NAMES.get(value) ?? `Error-Cause-${value}`
}
