import { hash } from 'node:crypto'
import { ChallengeFault } from './fault.ts'
import type { ValidationTools } from './validator.ts'

/** RFC 8555 section 8.4: a TXT record only who runs the zone can write. */
export async function proveByDns(
  domain: string,
  keyAuthorization: string,
  { lookup }: ValidationTools,
): Promise<void> {
  const name = `_acme-challenge.${domain}`
  const wanted = hash('sha256', keyAuthorization, 'base64url')
  const texts = await lookup.texts(name)
  if (texts.includes(wanted)) return
  const seen = texts.length === 0 ? 'has no TXT record' : 'has another TXT record than the one asked for'
  throw new ChallengeFault(texts.length === 0 ? 'dns' : 'incorrectResponse', `${name} ${seen}`)
}
