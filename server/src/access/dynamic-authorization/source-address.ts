import { isIPv6 } from 'node:net'

/**
 * Which of the addresses we listen on to send from. Devices take CoA from the address of their RADIUS server alone, and a
 * machine with several would choose another. Undefined, where the system may choose: we listen on all of them, or on
 * none that can reach the device.
 */
export function sourceAddressFor(device: string, listening: readonly string[]): string | undefined {
  return listening.find(
    (address) =>
      isIPv6(address) === isIPv6(device) && !isAny(address) && (!isLoopback(address) || isLoopback(device)),
  )
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
