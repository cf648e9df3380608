import { fromUtf8, toUtf8 } from '@sallyport/bytes'

const PREFIX = 'sallyport:'

/**
 * The Class that names our decision: the NAS returns it in accounting (RFC 2865 section 5.25), which so joins the receipt
 * even where the outer identity is anonymous.
 */
export function decisionClass(receiptId: string): Uint8Array {
  return fromUtf8(PREFIX + receiptId)
}

/** The receipt id in one of the Class values, if any is ours. */
export function decisionIdOf(classes: readonly Uint8Array[]): string | undefined {
  for (const value of classes) {
    const text = toUtf8(value)
    if (text?.startsWith(PREFIX)) return text.slice(PREFIX.length)
  }
  return undefined
}
