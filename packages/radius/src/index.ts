/**
 * RADIUS: packets, attributes, dictionaries and authenticators (RFC 2865 and its family). No sockets: see
 * `@sallyport/radius/node` for the client's. The package's README says what to use and what is promised.
 */

export { type AttributeText, attributeFromText } from './attribute-text.ts'
export { builtInDictionary } from './built-in-dictionary.ts'
export { type Chap, chapOf, chapResponse } from './chap.ts'
export { type Exchange, type ExchangeOptions, Exchanges, type IgnoredReason } from './client/exchanges.ts'
export { type RetransmissionRules, RFC_5080_RULES } from './client/retransmission.ts'
export { codeName, isAccessReply, isRequest, PacketCode } from './codes.ts'
export type { DataType, DataTypes, UnreadableReason, ValueOf } from './data-type.ts'
export {
  type Attribute,
  type AttributeDefinition,
  attribute,
  type Hiding,
  type RawAttribute,
  type TypedAttribute,
  type Vendor,
} from './definition.ts'
export { type DescribedAttribute, describeAttributes } from './describe-attributes.ts'
export { Dictionary } from './dictionary.ts'
export { duplicateKey } from './duplicate-key.ts'
export {
  encodeReply,
  encodeRequest,
  type RandomFill,
  type ReplyToEncode,
  type RequestToEncode,
} from './encode.ts'
export { RadiusError, type RadiusErrorCode } from './error.ts'
export type { HidingKey } from './hiding.ts'
export { type Inspected, inspect, MAXIMUM_LENGTH, type MalformedReason } from './inspect.ts'
export { loadDictionary, type ReadText } from './load-dictionary.ts'
export type { AttributeView, PacketView } from './packet-view.ts'
export { type Read, readValue } from './read-value.ts'
export { Secret } from './secret.ts'
export { formatValue, parseValue } from './value-text.ts'
export {
  type SentRequest,
  type UnverifiedReason,
  type Verified,
  type VerifyRules,
  verify,
  verifyReply,
} from './verify.ts'
