#!/usr/bin/env -S node --max-semi-space-size=4
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// TypeScript without its types, and compiled code, are kept from run to run: starts are faster, and no thread has to load
// the compiler. Where the folder cannot be written, nothing is kept. Threads find it through the environment.
const cache = join(import.meta.dirname, '../../../node_modules/.cache/sallyport')
process.env.NODE_COMPILE_CACHE ??= cache
enableCompileCache(process.env.NODE_COMPILE_CACHE)

// Imported after the cache is in use. A server does not carry the other commands in its memory.
const commands =
  process.argv[2] === 'serve'
    ? [(await import('./commands/serve.ts')).serve]
    : (await import('./commands/index.ts')).COMMANDS
const { run } = await import('./run.ts')
const { systemTerminal } = await import('./terminal.ts')

// A reader that went away (`sallyport log | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Not by exitCode alone: a thread that hangs must not keep a server that gave up.
process.exit(await run(process.argv.slice(2), commands, systemTerminal()))
