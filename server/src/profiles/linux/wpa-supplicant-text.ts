import { toHex } from '@sallyport/bytes'

/** Anything but a quote, a backslash, a `#` and what is not ASCII stands for itself between quotes. */
const QUOTABLE = /^[ !$-[\]-~]*$/

/**
 * A string as wpa_supplicant reads it (wpa_supplicant.conf(5)): between quotes there is no escaping, so everything that
 * is not plain is written as the hex digits of its UTF-8 form.
 */
export function wpaString(text: string): string {
  return QUOTABLE.test(text) ? `"${text}"` : toHex(Buffer.from(text))
}

/** `blob-base64-NAME={ ... }`, which values call `blob://NAME`. */
export function wpaBlob(name: string, octets: Uint8Array): string {
  const lines = octets.toBase64().match(/.{1,76}/g) ?? []
  return `blob-base64-${name}={\n${lines.join('\n')}\n}\n`
}
