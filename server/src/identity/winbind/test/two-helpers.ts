/** A program with two helpers, one of them busy, that prints their process ids and waits to be killed. */
import { join } from 'node:path'
import { Winbind } from '../winbind.ts'

const args = [join(import.meta.dirname, 'fake-ntlm-auth.ts')]
const winbind = new Winbind(
  { command: { program: process.execPath, args }, processes: 2, deadlineMilliseconds: 60_000 },
  { monotonic: () => performance.now() },
)
const proof = { challenge: new Uint8Array(8), ntResponse: new Uint8Array(24) }
const check = (name: string) => winbind.check({ name, domain: undefined }, proof)
await Promise.all([check('one'), check('two')])
void check('hang')
process.stdout.write(`${JSON.stringify(winbind.pids)}\n`)
