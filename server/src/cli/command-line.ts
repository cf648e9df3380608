/** What the command does once the compile cache is in use: chooses the command, runs it, ends the process. */
import { run } from './run.ts'
import { systemTerminal } from './terminal.ts'

// A server does not carry the other commands in its memory.
const commands =
  process.argv[2] === 'serve'
    ? [(await import('./commands/serve.ts')).serve]
    : (await import('./commands/index.ts')).COMMANDS

// A reader that went away (`sallyport log | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Not by exitCode alone: a thread that hangs must not keep a server that gave up.
process.exit(await run(process.argv.slice(2), commands, systemTerminal()))
