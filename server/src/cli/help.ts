import type { Command, Flags } from './command.ts'

const WIDTH = 26

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  return [
    'Sallyport decides who may come in, on which device - and says why.',
    '',
    'Usage: npx sallyport COMMAND [FLAGS]',
    '',
    'Commands:',
    ...commands.map((command) => `  ${command.name.padEnd(14)} ${command.summary}`),
    '',
    'npx sallyport COMMAND --help tells more about one.',
  ].join('\n')
}

export function helpOf(command: Command): string {
  const lines = [`${command.summary}.`, '', `Usage: npx sallyport ${command.name} ${command.usage}`.trimEnd()]
  if (command.details !== undefined) lines.push('', command.details)
  if (Object.keys(command.flags).length > 0) lines.push('', 'Flags:', ...flagLines(command.flags))
  if (command.examples.length > 0) {
    lines.push('', 'Examples:', ...command.examples.map((example) => `  npx ${example}`))
  }
  return lines.join('\n')
}

function flagLines(flags: Flags): string[] {
  return Object.entries(flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `
    const left = `  ${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`
    const env = flag.env === undefined ? '' : ` [${flag.env}]`
    const right = `${flag.description}${env}`
    return left.length < WIDTH ? `${left.padEnd(WIDTH)}${right}` : `${left}\n${' '.repeat(WIDTH)}${right}`
  })
}
