const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g
/** API tokens and sessions of administrators, as they are given out. */
const TOKEN = /\bsp_[\w-]{12,}/g
const REMOVED = '[removed]'

/**
 * The second lock: what goes into a bundle holds no secret by the way it is made, and every secret of the configuration is
 * looked for in its text all the same, in a rule, a name or a reason.
 */
export function withoutKnownSecrets(text: string, secrets: Iterable<string>): string {
  let clean = text.replace(PRIVATE_KEY, REMOVED).replace(TOKEN, REMOVED)
  for (const secret of secrets) {
    if (secret === '') continue
    // In JSON and YAML a quote or backslash of the secret is written with another backslash.
    for (const written of new Set([secret, JSON.stringify(secret).slice(1, -1)])) {
      clean = clean.replaceAll(written, REMOVED)
    }
  }
  return clean
}
