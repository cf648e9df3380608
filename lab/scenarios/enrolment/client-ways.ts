/** `sallyport enrol`, our own client for Linux hosts, by EST and by SCEP. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from '../../certificates.ts'
import { type EnrolmentHouse, PASSWORD } from './house.ts'
import type { Way } from './life.ts'

const enrolEst: Way = {
  name: 'sallyport enrol by EST: a password, then the certificate',
  user: 'enrol-est',
  enrol(house) {
    const proof = ['--user', 'enrol-est', '--password-file', house.file('password', `${PASSWORD}\n`)]
    return enrol(house, 'enrol-est', ['--url', house.estUrl, '--template', 'people', ...proof])
  },
  renew: (house) => renew(house, 'enrol-est'),
}

const enrolScep: Way = {
  name: 'sallyport enrol by SCEP: a challenge, then the certificate',
  user: 'enrol-scep',
  async enrol(house) {
    const secret = ['--challenge', await house.challenge('enrol-scep'), '--cn', 'enrol-scep']
    return await enrol(house, 'enrol-scep', ['--url', house.scepUrl, '--protocol', 'scep', ...secret])
  },
  renew: (house) => renew(house, 'enrol-scep'),
}

async function enrol(house: EnrolmentHouse, name: string, words: readonly string[]): Promise<LabCertificate> {
  const out = house.path(name)
  await house.command('enrol', ...words, '--ca', house.root, '--out', out)
  return kept(house, out, `${name}-1`)
}

async function renew(house: EnrolmentHouse, name: string): Promise<LabCertificate> {
  const out = house.path(name)
  await house.command('enrol', 'renew', '--out', out, '--force')
  return kept(house, out, `${name}-2`)
}

/** `live` leads to the newest: what is there now, under a name of its own. */
function kept(house: EnrolmentHouse, out: string, name: string): LabCertificate {
  const files = { certificate: house.path(`${name}.pem`), key: house.path(`${name}.key`) }
  copyFileSync(join(out, 'live/cert.pem'), files.certificate)
  copyFileSync(join(out, 'live/key.pem'), files.key)
  return files
}

export const CLIENT_WAYS: readonly Way[] = [enrolEst, enrolScep]
