import { exportSpki } from '@sallyport/pki'
import { decodeBase64url } from '../base64url.ts'
import { type Problem, problem } from '../problem.ts'
import { checkApple } from './apple.ts'
import { CborError, type CborMap, type CborValue, readCbor } from './cbor.ts'
import { checkTpm } from './tpm.ts'

export interface AttestationQuestion {
  /** The identifier of the order: a serial number or a UDID. */
  readonly device: string
  readonly token: string
  readonly keyAuthorization: string
  /** PEM: whom we believe about devices. */
  readonly roots: string
  readonly now: number
}

const LARGEST = 64 * 1024

/** device-attest-01 (draft-ietf-acme-device-attest): what a device says about its new key. */
export function checkAttestation(
  payload: Readonly<Record<string, unknown>>,
  question: AttestationQuestion,
): { readonly spki: Uint8Array } | Problem {
  const { device } = question
  const refuse = (detail: string): Problem =>
    problem('badAttestationStatement', 'acme-attestation-refused', { device, detail })
  if (payload.error !== undefined) return refuse('the device could not make one')
  const octets = decodeBase64url(payload.attObj)
  if (octets === undefined || octets.length === 0 || octets.length > LARGEST)
    return refuse('attObj is not base64url')
  const outer = readMap(octets)
  const statement = outer?.get('attStmt')
  if (outer === undefined || !(statement instanceof Map))
    return refuse('attObj is not CBOR with fmt and attStmt')
  const map: CborMap = statement
  const format = outer.get('fmt')
  if (format === 'apple') {
    const certificate = checkApple(map, question)
    return typeof certificate === 'string' ? refuse(certificate) : { spki: certificate.spki }
  }
  if (format === 'tpm') {
    const key = checkTpm(map, question)
    return typeof key === 'string' ? refuse(key) : { spki: exportSpki(key) }
  }
  return refuse('its format is neither apple nor tpm')
}

function readMap(octets: Uint8Array): CborMap | undefined {
  let value: CborValue
  try {
    value = readCbor(octets)
  } catch (error) {
    if (error instanceof CborError) return undefined
    throw error
  }
  return value instanceof Map ? value : undefined
}
