/** An administrator asks for somebody: by command, with a request, as PKCS #12. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from '../../certificates.ts'
import { readPkcs12 } from '../../openssl.ts'
import type { EnrolmentHouse } from './house.ts'
import type { Way } from './life.ts'
import { opensslRequest } from './taken.ts'

const byCommand: Way = {
  name: 'sallyport certificates issue',
  user: 'by-command',
  enrol: (house) => commandIssues(house, 'command-1'),
  renew: (house) => commandIssues(house, 'command-2'),
}

async function commandIssues(house: EnrolmentHouse, name: string): Promise<LabCertificate> {
  const out = house.path(name)
  await house.sallyport('certificates', 'issue', '--user', 'by-command', '--template', 'people', '--out', out)
  return { certificate: join(out, 'by-command.pem'), key: join(out, 'by-command.key') }
}

const byRequest: Way = {
  name: 'a request of openssl, brought by an administrator',
  user: 'by-request',
  enrol: (house) => broughtRequest(house, 'request-1'),
  renew: (house) => broughtRequest(house, 'request-2'),
}

async function broughtRequest(house: EnrolmentHouse, name: string): Promise<LabCertificate> {
  const [key, request, certificate] = ['key', 'csr', 'pem'].map((kind) => house.path(`${name}.${kind}`)) as [
    string,
    string,
    string,
  ] // one for each kind
  await opensslRequest(key, request, 'somebody else')
  const whom = ['--user', 'by-request', '--template', 'people']
  await house.sallyport('certificates', 'request', ...whom, '--csr', request, '--out', certificate)
  return { key, certificate }
}

const byPkcs12: Way = {
  name: 'PKCS #12, which openssl opens, in the form of today and in the old one',
  user: 'by-pkcs12',
  enrol: (house) => fromPkcs12(house, 'p12-1'),
  renew: (house) => fromPkcs12(house, 'p12-2', true),
}

async function fromPkcs12(house: EnrolmentHouse, name: string, old = false): Promise<LabCertificate> {
  const folder = house.path(name)
  mkdirSync(folder)
  const form = old ? ['--legacy'] : []
  const whom = ['--user', 'by-pkcs12', '--template', 'people']
  const output = await house.sallyport('certificates', 'pkcs12', ...whom, '--out', folder, ...form)
  const [, password] = /^ {2}password (\S+)/m.exec(output) ?? []
  if (password === undefined) throw new Error(output)
  const { pem, output: said } = await readPkcs12(
    join(folder, 'by-pkcs12.p12'),
    password,
    ...(old ? ['-legacy'] : []),
  )
  if (pem === undefined) throw new Error(said)
  const files = { certificate: join(folder, 'leaf.pem'), key: join(folder, 'key.pem') }
  const block = (kind: string) =>
    new RegExp(`-----BEGIN ${kind}-----[\\s\\S]*?-----END ${kind}-----\n`).exec(pem)?.[0] ?? ''
  writeFileSync(files.certificate, block('CERTIFICATE'))
  writeFileSync(files.key, block('PRIVATE KEY'))
  return files
}

export const ADMINISTRATOR_WAYS: readonly Way[] = [byCommand, byRequest, byPkcs12]
