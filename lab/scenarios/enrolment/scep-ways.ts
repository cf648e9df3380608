import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from '../../certificates.ts'
import { Certmonger } from '../../certmonger.ts'
import { type Enrolled, scepClient } from '../../scep-client.ts'
import { pkiScep, pkiScepCa } from '../../strongswan-pki.ts'
import { until } from '../../until.ts'
import type { EnrolmentHouse } from './house.ts'
import { serialOf, type Way } from './life.ts'
import { issued } from './taken.ts'

const scepGo: Way = {
  name: 'SCEP by scepclient of micromdm: a challenge, then the certificate',
  user: 'scep-go',
  enrol: async (house) => issued(await goScep(house, await house.challenge('scep-go'))),
  renew: async (house, old) => {
    const before = serialOf(old)
    const renewed = issued(await goScep(house))
    if (serialOf(renewed) === before) throw new Error('scepclient kept the old certificate')
    return renewed
  },
}

async function goScep(house: EnrolmentHouse, challenge?: string): Promise<Enrolled> {
  const { encryption } = await scepAuthorities(house)
  const fingerprint = new X509Certificate(readFileSync(encryption)).fingerprint256
    .replaceAll(':', '')
    .toLowerCase()
  return await scepClient({
    ...{ url: house.scepUrl, folder: house.folder, name: 'scep-go', commonName: 'scep-go', fingerprint },
    ...(challenge !== undefined && { challenge }),
  })
}

async function scepAuthorities({ scepUrl, folder }: EnrolmentHouse) {
  const { succeeded, output } = await pkiScepCa(scepUrl, folder)
  if (!succeeded) throw new Error(output)
  const ra = join(folder, 'scep-ra.pem')
  return { root: join(folder, 'scep-ca.pem'), encryption: ra, signature: ra }
}

const scepStrongswan: Way = {
  name: 'SCEP by pki of strongSwan: a challenge, then the certificate',
  user: 'scep-strongswan',
  enrol: async (house) =>
    issued(await strongswanScep(house, 'swan-1', { challenge: await house.challenge('scep-strongswan') })),
  renew: async (house, old) => issued(await strongswanScep(house, 'swan-2', { renew: old })),
}

async function strongswanScep(
  house: EnrolmentHouse,
  name: string,
  proof: { challenge?: string; renew?: LabCertificate },
): Promise<Enrolled> {
  const { scepUrl: url, folder } = house
  return await pkiScep({
    ...{ url, folder, name, dn: 'CN=scep-strongswan', authorities: await scepAuthorities(house) },
    ...proof,
  })
}

/** Tracks its request for as long as the way takes; it ends with the renewal. */
const scepCertmonger: Way = {
  name: 'SCEP by certmonger: a challenge, then by itself',
  user: 'scep-certmonger',
  async enrol(house) {
    const { tracked } = await withCertmonger(house, async (certmonger) => {
      await certmonger.addScepCa('ours', house.scepUrl)
      const challenge = await house.challenge('scep-certmonger')
      const tracked = await certmonger.request('ours', {
        name: 'cm',
        subject: 'CN=scep-certmonger',
        challenge,
      })
      await certmonger.waitFor('cm', /MONITORING/)
      return { tracked }
    })
    return copied(house, tracked, 'certmonger-1')
  },
  async renew(house, old) {
    const before = serialOf(old)
    const tracked = await withCertmonger(house, async (certmonger) => {
      await certmonger.renew('cm')
      const files = certmonger.files('cm')
      await until(
        () => `certmonger has another certificate: ${certmonger.log.slice(-2000)}`,
        () => (newSerial(files, before) ? true : undefined),
        60_000,
      )
      await certmonger.waitFor('cm', /MONITORING/)
      return files
    })
    return copied(house, tracked, 'certmonger-2')
  },
}

/** It may be writing the file just now. */
function newSerial(files: LabCertificate, before: string): boolean {
  return readFileSync(files.certificate, 'utf8').includes('-----END') && serialOf(files) !== before
}

async function withCertmonger<Result>(
  house: EnrolmentHouse,
  use: (certmonger: Certmonger) => Promise<Result>,
): Promise<Result> {
  await using certmonger = await Certmonger.start(house.folder)
  return await use(certmonger)
}

function copied(house: EnrolmentHouse, from: LabCertificate, name: string): LabCertificate {
  const [certificate, key] = [house.path(`${name}.pem`), house.path(`${name}.key`)]
  writeFileSync(certificate, readFileSync(from.certificate))
  writeFileSync(key, readFileSync(from.key))
  return { certificate, key }
}

export const SCEP_WAYS: readonly Way[] = [scepGo, scepStrongswan, scepCertmonger]
