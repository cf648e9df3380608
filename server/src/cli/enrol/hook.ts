import { spawnSync } from 'node:child_process'
import { CliError } from '../cli-error.ts'
import type { CertificateFolder } from './certificate-folder.ts'

/** Runs after a new certificate is in place; told by its environment where. */
export function runHook(hook: string, folder: CertificateFolder): void {
  const { status, error } = spawnSync('/bin/sh', ['-c', hook], {
    stdio: 'inherit',
    env: {
      ...process.env,
      SALLYPORT_CERTIFICATE: folder.certificateFile,
      SALLYPORT_CHAIN: folder.chainFile,
      SALLYPORT_KEY: folder.keyFile,
      SALLYPORT_CA: folder.caFile,
    },
  })
  if (status === 0) return
  const why = error === undefined ? `it ended with ${status ?? 'a signal'}` : error.message
  throw new CliError(`The new certificate is in place, but the hook failed: ${why}.`)
}
