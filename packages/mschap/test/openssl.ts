import { execFileSync, spawnSync } from 'node:child_process'

/** Why OpenSSL's legacy provider cannot be asked here, or false. In CI a missing counterpart is a failure. */
export function withoutLegacyOpenssl(): string | false {
  const tried = spawnSync('openssl', ['dgst', '-provider', 'legacy', '-md4', '/dev/null'])
  if (tried.status === 0) return false
  if (process.env.CI) throw new Error('openssl with its legacy provider is needed in CI')
  return 'no openssl with a legacy provider'
}

/** Runs `openssl ... -provider legacy -provider default` on some input. */
export function legacyOpenssl(args: readonly string[], input: Uint8Array): Uint8Array {
  return execFileSync('openssl', [...args, '-provider', 'legacy', '-provider', 'default'], { input })
}
