/** MS-CHAPv2 checked by a Samba domain controller through winbind of a member. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat } from '@sallyport/bytes'
import { generateNtResponse, ntPasswordHash } from '@sallyport/mschap'
import type { FreeRadiusOptions } from '../../lab/freeradius.ts'
import { Network } from '../../lab/network.ts'
import { temporaryFolder } from '../../lab/process.ts'
import { DomainController, SAMBA_PACKAGES } from '../../lab/samba-domain.ts'
import { DomainMember } from '../../lab/samba-member.ts'
import { PASSWORD, SECRET } from '../account.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { comparedRows, ourSide, peerSide } from '../directory/run.ts'
import type { Account } from '../load.ts'
import { startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'

/** ntlm_auth processes of ours; of the peer, as many at a time; and as many logins at a time, for each costs it a process. */
const HELPERS = 8
/** More than log in at a time, as in life: one login of an account at a time is the rule. */
const USERS = 32
const PREFIX = 'bench'
const CONTROLLER = '10.99.1.10'
const MEMBER = '10.99.1.2'

export const directoryMschapv2: BenchCase = {
  name: 'directory-mschapv2',
  summary: 'MS-CHAPv2 through winbind, 8 ntlm_auth processes on either side',
  counterparts: ['freeradius', 'gcc', 'libc6-dev', ...SAMBA_PACKAGES],
  async run(pace: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    using network = new Network('dc', 'radius')
    network.cable(
      { host: 'dc', port: 'eth0', address: `${CONTROLLER}/24` },
      { host: 'radius', port: 'eth0', address: `${MEMBER}/24` },
    )
    await using controller = await DomainController.start({
      ...{ network, host: 'dc', addresses: [CONTROLLER], folder: join(folder.path, 'dc') },
    })
    await using member = await DomainMember.join({
      ...{ network, host: 'radius', interfaces: 'eth0', controller },
      ...{ controllerAddress: CONTROLLER, folder: join(folder.path, 'member') },
    })
    const door = await controller.door(636)
    const prefix = member.withWinbind()
    await using ours = await startOurs({
      ...{ folder: folder.path, prefix, document: document(controller, member, door.port) },
    })
    await controller.addUsers(PREFIX, USERS, PASSWORD)
    const names = Array.from({ length: USERS }, (_, at) => `${PREFIX}${String(at + 1).padStart(5, '0')}`)
    const account: Account = {
      user: names.join(),
      proof: { attributes: names.map((name) => mschapv2(name, PASSWORD)) },
      inFlight: HELPERS,
    }
    const ourside = ourSide(ours, account)
    const compare = async (name: string, peerName: string, asks: string): Promise<CaseResult> => {
      const its = join(folder.path, peerName.replaceAll(' ', '-'))
      mkdirSync(its)
      await using peer = await startPeer({ folder: its, prefix, checks: checks(asks) })
      return await comparedRows({ name, peerName, pace }, ourside, peerSide(peer, account))
    }
    const program = await compare('directory-mschapv2', 'FreeRADIUS ntlm_auth', ntlmAuth(member))
    const library = await compare(
      'directory-mschapv2, library',
      'FreeRADIUS libwbclient',
      libwbclient(controller),
    )
    return {
      rows: [...program.rows, ...library.rows],
      raw: {
        ours: [...program.raw.ours, ...library.raw.ours],
        peer: [...program.raw.peer, ...library.raw.peer],
      },
    }
  },
}

/** As it is by default: what was looked up is kept, for two seconds where a guess is at stake. FreeRADIUS looks nothing up. */
function document(
  { ca, name, baseDn, service }: DomainController,
  { configuration }: DomainMember,
  port: number,
): string {
  return `
settings: { receipts: { maximumMegabytes: 100000 } }
clients: [{ name: gateway, address: 127.0.0.1, secret: ${SECRET} }]
sources:
  - { name: ad, kind: ldap, servers: ['ldaps://127.0.0.1:${port}'], serverName: ${name}, authorities: ${JSON.stringify(readFileSync(ca.certificate, 'utf8'))},
      baseDn: '${baseDn}', bindDn: '${service.dn}', bindPassword: '${service.password}' }
  - { name: domain, kind: winbind, directory: ad, processes: ${HELPERS}, configurationFile: ${configuration} }
realms: [{ name: default, default: true, sources: [domain] }]
rules: [{ name: vpn, when: 'user.source == "domain"', effect: accept }]
`
}

/** A process for each login. */
function ntlmAuth({ configuration }: DomainMember): string {
  const program = `/usr/bin/ntlm_auth --configfile=${configuration} --request-nt-key --allow-mschapv2`
  return `ntlm_auth = "${program} --username=%{mschap:User-Name} --challenge=%{mschap:Challenge} --nt-response=%{mschap:NT-Response}"`
}

/** winbind asked without a process between. */
function libwbclient({ netbiosName }: DomainController): string {
  return `winbind_username = "%{mschap:User-Name}"
    winbind_domain = "${netbiosName}"
    pool {
      start = ${HELPERS}
      min = ${HELPERS}
      max = ${HELPERS}
      spare = 0
      uses = 0
      lifetime = 0
      idle_timeout = 0
    }`
}

function checks(asks: string): NonNullable<FreeRadiusOptions['checks']> {
  return {
    threads: HELPERS,
    modules: `
  mschap ntlm {
    use_mppe = yes
    require_encryption = yes
    require_strong = yes
    ${asks}
  }`,
    authorize: 'ntlm',
    authenticate: 'Auth-Type ntlm {\n      ntlm\n    }\n    Auth-Type MS-CHAP {\n      ntlm\n    }',
  }
}

/** MS-CHAP-Challenge and MS-CHAP2-Response of vendor 311 (RFC 2548 sections 2.1.2 and 2.3.2). */
function mschapv2(name: string, password: string): Uint8Array {
  const [challenge, peerChallenge] = [randomBytes(16), randomBytes(16)]
  const response = generateNtResponse(challenge, peerChallenge, name, ntPasswordHash(password))
  const value = concat(Uint8Array.of(1, 0), peerChallenge, new Uint8Array(8), response)
  return concat(vendorAttribute(11, challenge), vendorAttribute(25, value))
}

function vendorAttribute(type: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(26, value.length + 8, 0, 0, 1, 55, type, value.length + 2), value)
}
