import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { WinbindSourceConfiguration } from '../../config/schema.ts'
import type { Steps } from './steps.ts'

const MILLISECONDS = 5000

/** Whether this machine is a member of the domain and winbind can speak for it: `wbinfo` of the same Samba says. */
export function testTrust({ program }: WinbindSourceConfiguration, steps: Steps): Promise<void> {
  const wbinfo = join(dirname(program), 'wbinfo')
  return new Promise((resolve) => {
    execFile(wbinfo, ['--check-secret'], { timeout: MILLISECONDS }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ').trim().slice(0, 500)
      if (error === null) steps.ok('trust', said === '' ? 'the trust secret is right' : said)
      else if ('code' in error && error.code === 'ENOENT') {
        steps.fail(
          'trust',
          `there is no ${wbinfo}`,
          'Install winbind (apt install winbind) and join the domain.',
        )
      } else {
        const cure = 'Is winbindd running, and has this machine joined the domain (net ads testjoin)?'
        steps.fail('trust', said === '' ? error.message : said, cure)
      }
      resolve()
    })
  })
}
