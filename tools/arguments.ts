import { type ParseArgsConfig, parseArgs } from 'node:util'

/**
 * Arguments of a command of this repository, as node:util's parseArgs gives them. `--help` ends the process with `usage`;
 * what is not understood ends it with the reason and `usage`, and exit code 2.
 */
export function readArguments<Config extends ParseArgsConfig>(usage: string, config: Config) {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    // Its second sentence is about positional arguments that begin with a dash.
    const [reason] = String(error instanceof Error ? error.message : error).split('. ')
    endWithUsage(reason ?? '', usage)
  }
}

export function endWithUsage(reason: string, usage: string): never {
  console.error(`${reason}\n${usage}`)
  process.exit(2)
}
