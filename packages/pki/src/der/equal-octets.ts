/** Compares public octets (names, identifiers, serial numbers); secrets take `timingSafeEqual` of `@sallyport/bytes`. */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
