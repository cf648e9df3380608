import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AcmeRequest, certbot, lego } from '../../acme-clients.ts'
import type { LabCertificate } from '../../certificates.ts'
import type { LabUser } from './configuration.ts'
import type { EnrolmentHouse } from './house.ts'
import type { Way } from './life.ts'
import { issued } from './taken.ts'

const acmeLego: Way = {
  name: 'ACME by lego: http-01 under a key for one account, then a renewal',
  user: 'host/lego.lab.test',
  enrol: async (house) => kept(house, 'lego-1', issued(await byLego(house, 'run'))),
  renew: async (house) => kept(house, 'lego-2', issued(await byLego(house, 'renew'))),
}

/** lego wants a key where the server wants one, also when its account is known. */
async function byLego(house: EnrolmentHouse, command: 'run' | 'renew') {
  const binding = await keyFor(house, 'host/lego.lab.test')
  return await lego({ ...requestOf(house, 'lego.lab.test'), binding }, command)
}

const acmeCertbot: Way = {
  name: 'ACME by certbot: http-01 under a key for one account, then a renewal',
  user: 'host/certbot.lab.test',
  async enrol(house) {
    const request = {
      ...requestOf(house, 'certbot.lab.test'),
      binding: await keyFor(house, 'host/certbot.lab.test'),
    }
    return kept(house, 'certbot-1', issued(await certbot(request)))
  },
  renew: async (house) =>
    kept(house, 'certbot-2', issued(await certbot(requestOf(house, 'certbot.lab.test'), 'renew'))),
}

function requestOf(house: EnrolmentHouse, domain: string): AcmeRequest {
  const directory = `https://localhost:${house.server.enrolPort}/acme/hosts/directory`
  return {
    server: { directory, root: house.root },
    ...{ folder: house.folder, domains: [domain], challengePort: house.challengePort },
  }
}

/** What an administrator hands over: the account it makes belongs to that user. */
async function keyFor(house: EnrolmentHouse, user: LabUser): Promise<{ keyId: string; hmac: string }> {
  const output = await house.sallyport('acme', 'keys', 'create', '--template', 'hosts', '--user', user)
  const [, keyId] = /^ {2}key id +(\S+)/m.exec(output) ?? []
  const [, hmac] = /^ {2}MAC key +(\S+)/m.exec(output) ?? []
  if (keyId === undefined || hmac === undefined) throw new Error(output)
  return { keyId, hmac }
}

/** The client writes the next certificate over this one. */
function kept(house: EnrolmentHouse, name: string, { certificate, key }: LabCertificate): LabCertificate {
  const files = { certificate: join(house.folder, `${name}.pem`), key: join(house.folder, `${name}.key`) }
  writeFileSync(files.certificate, readFileSync(certificate))
  writeFileSync(files.key, readFileSync(key))
  return files
}

export const ACME_WAYS: readonly Way[] = [acmeLego, acmeCertbot]
