#!/usr/bin/env node
import { COMMANDS } from './commands/index.ts'
import { run } from './run.ts'
import { systemTerminal } from './terminal.ts'

// A reader that went away (`sallyport log | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Not by exitCode alone: a thread that hangs must not keep a server that gave up.
process.exit(await run(process.argv.slice(2), COMMANDS, systemTerminal()))
