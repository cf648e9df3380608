const HANDSHAKE_RECORD = 22
/** Record header, handshake header, protocol version. */
const RANDOM_AT = 5 + 4 + 2
const RANDOM_LENGTH = 32

/**
 * The random of the ClientHello or ServerHello that these records begin with: RFC 5216 section 2.3 makes the EAP
 * Session-Id of TLS 1.2 from both. Undefined where the records do not begin with a handshake message of that length.
 */
export function helloRandom(records: Uint8Array): Uint8Array | undefined {
  if (records[0] !== HANDSHAKE_RECORD || records.length < RANDOM_AT + RANDOM_LENGTH) return undefined
  return records.slice(RANDOM_AT, RANDOM_AT + RANDOM_LENGTH)
}
