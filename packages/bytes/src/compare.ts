/**
 * Compares two secrets or MACs in time that depends on their lengths alone.
 * The one helper of the house: an early-exit comparison of a MAC tells an attacker how far a guess was right.
 */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}
