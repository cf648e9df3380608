/**
 * `npm run fuzz -- [--packets N] [--seed S] [--target NAME] [--case N]`: hostile input for everything that reads what
 * strangers send. Ends with `N passed, N failed`; each finding is printed with its case, seed and octets.
 */
import { endWithUsage, readArguments } from './arguments.ts'
import { fuzz } from './fuzz/run.ts'
import { TARGETS } from './fuzz/targets.ts'

const USAGE = 'Usage: npm run fuzz -- [--packets N] [--seed S] [--target NAME] [--case N]'
const { values } = readArguments(USAGE, {
  options: {
    packets: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
    case: { type: 'string' },
  },
})

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  endWithUsage(`--${name} takes a whole number, not "${text}"`, USAGE)
}

const packets = wholeNumber('packets', values.packets)
const seed = wholeNumber('seed', values.seed)
const only = values.case === undefined ? undefined : wholeNumber('case', values.case)
const targets = TARGETS.filter(({ name }) => values.target?.includes(name) ?? true)
if (targets.length < (values.target?.length ?? 1)) {
  console.error(`Targets are: ${TARGETS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

console.log(`seed ${seed}, ${packets} packets`)
const { passed, failed } = await fuzz({ targets, packets, seed, only, print: (line) => console.log(line) })
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
