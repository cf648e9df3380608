/** PAP checked by a bind at one slapd. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../lab/process.ts'
import { SLAPD_PACKAGES, Slapd } from '../../lab/slapd.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { comparedRows, ourSide, peerSide } from '../directory/run.ts'
import { LDAP_USER, slapdChecks, slapdDocument } from '../directory/slapd-servers.ts'
import { startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'

const PEER = 'FreeRADIUS rlm_ldap'
/** What an account look-up told is kept so long by default. */
const KEPT_MINUTES = 5

export const directoryPap: BenchCase = {
  name: 'directory-pap',
  summary:
    'PAP through LDAP at one slapd: with look-ups kept, as by default, and with three questions a login',
  counterparts: ['freeradius', 'freeradius-ldap', 'gcc', 'libc6-dev', ...SLAPD_PACKAGES],
  async run(pace: Pace): Promise<CaseResult> {
    const kept = await compare('directory-pap', KEPT_MINUTES, pace)
    const asked = await compare('directory-pap, nothing kept', 0, pace)
    return {
      rows: [...kept.rows, ...asked.rows],
      raw: { ours: [...kept.raw.ours, ...asked.raw.ours], peer: [...kept.raw.peer, ...asked.raw.peer] },
    }
  },
}

async function compare(name: string, minutes: number, pace: Pace): Promise<CaseResult> {
  using folder = temporaryFolder('sallyport-bench-')
  mkdirSync(join(folder.path, 'slapd'))
  await using slapd = await Slapd.start({ folder: join(folder.path, 'slapd'), tls: false })
  await using ours = await startOurs({ folder: folder.path, document: slapdDocument(slapd.url, minutes) })
  await using peer = await startPeer({ folder: folder.path, checks: slapdChecks(slapd.port) })
  const account = { user: LDAP_USER.user, proof: { password: LDAP_USER.password } }
  return await comparedRows({ name, peerName: PEER, pace }, ourSide(ours, account), peerSide(peer, account))
}
