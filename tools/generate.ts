/** Writes every generated file of the house. A test beside each generator fails while one of them is stale. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

for (const generator of globSync([
  'packages/*/generate.ts',
  'tools/generate-*.ts',
  'server/src/**/node/write-*.ts',
]).sort()) {
  const { status } = spawnSync(process.execPath, [generator], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
