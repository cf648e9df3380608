import type { DataType } from './data-type.ts'

/**
 * Words for data types in dictionary files: those of RFC 8044 and those of FreeRADIUS, where `string` is text and
 * `octets` is the RFC's string.
 */
export const DICTIONARY_TYPES: ReadonlyMap<string, DataType> = new Map([
  ['integer', 'uint32'],
  ['enum', 'uint32'],
  ['uint32', 'uint32'],
  ['byte', 'uint8'],
  ['uint8', 'uint8'],
  ['short', 'uint16'],
  ['uint16', 'uint16'],
  ['signed', 'int32'],
  ['int32', 'int32'],
  ['integer64', 'uint64'],
  ['uint64', 'uint64'],
  ['date', 'time'],
  ['time', 'time'],
  ['text', 'text'],
  ['string', 'text'],
  ['octets', 'octets'],
  ['abinary', 'octets'],
  ['ifid', 'ifid'],
  ['ipaddr', 'ipv4addr'],
  ['ipv4addr', 'ipv4addr'],
  ['ipv6addr', 'ipv6addr'],
  ['ipv4prefix', 'ipv4prefix'],
  ['ipv6prefix', 'ipv6prefix'],
  ['combo-ip', 'ipaddr'],
  ['ether', 'ether'],
  ['tlv', 'tlv'],
  ['vsa', 'vsa'],
  ['extended', 'extended'],
  ['long-extended', 'long-extended'],
  ['evs', 'evs'],
] as const)
