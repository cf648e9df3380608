/**
 * Whom a client certificate of the own CA was issued to: the account's id, as a URI among its names. A name is given
 * away again once its account is deleted, an id never; so the certificates of a deleted account die with it.
 */
const PREFIX = 'urn:sallyport:user:'

export function holderUri(userId: string): string {
  return PREFIX + escaped(userId)
}

/** Of a device that was vouched for. */
export function deviceUri(deviceId: string): string {
  return `urn:sallyport:device:${escaped(deviceId)}`
}

/** A directory may tell its accounts apart by their DN, which has spaces and letters of any script. */
function escaped(id: string): string {
  return id.replace(/[^!-$&-~]/gu, encodeURIComponent)
}

/** The account's id, where one of the URIs names it. It only ever narrows: another account is refused, none is found by it. */
export function holderOf(uris: readonly string[]): string | undefined {
  const id = uris.find((uri) => uri.startsWith(PREFIX))?.slice(PREFIX.length)
  if (id?.includes('%') !== true) return id
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
