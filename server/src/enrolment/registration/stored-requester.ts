import type { Requester } from './requester.ts'

/** A requester as text, for a request that waits. Octets in names are written in base64. */
export function storeRequester(requester: Requester): string {
  // `value` of a Buffer is what its toJSON made of it already.
  return JSON.stringify(requester, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key]
    return original instanceof Uint8Array ? { $octets: Buffer.from(original).toString('base64') } : value
  })
}

export function restoreRequester(text: string): Requester {
  // Written by storeRequester alone.
  return JSON.parse(text, (_key, value: unknown) =>
    isOctets(value) ? new Uint8Array(Buffer.from(value.$octets, 'base64')) : value,
  ) as Requester
}

function isOctets(value: unknown): value is { readonly $octets: string } {
  return (
    typeof value === 'object' && value !== null && '$octets' in value && typeof value.$octets === 'string'
  )
}

/** Who asks, for telling transactions apart: the account or device, else who vouched. */
export function requesterKey({ by, name, identity, deviceId }: Requester): string {
  if (deviceId !== undefined) return `device ${deviceId}`
  return identity === undefined ? `${by} ${name}` : `account ${identity.id}`
}
