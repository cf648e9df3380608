/** `sallyport test`, the product's own client, against the product's own server, by every method it offers. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { CLIENTS, PASSWORD, SERVER_NAME } from './configuration.ts'
import type { EapHouse } from './house.ts'

type Case = LabCase<EapHouse>

const METHODS: readonly (readonly string[])[] = [
  ['pap'],
  ['chap'],
  ['mschap'],
  ['mschapv2'],
  ['eap-md5'],
  ['eap-gtc'],
  ['eap-mschapv2'],
  ['eap-tls', '--tls-version', '1.2'],
  ['eap-tls', '--tls-version', '1.3'],
  ['peap', '--inner', 'eap-mschapv2', '--anonymous', 'anonymous'],
  ['peap', '--inner', 'eap-tls'],
  ['ttls', '--inner', 'pap'],
  ['ttls', '--inner', 'mschapv2', '--tls-version', '1.3'],
]

const ACCEPTED: readonly Case[] = METHODS.map((method) => ({
  name: `sallyport test ${method.join(' ')}`,
  async run(house) {
    const { code, output } = await testLogin(house, method)
    assert.equal(code, 0, output)
    return output.trim().split('\n').at(-1)?.trim() ?? ''
  },
}))

const REFUSED: Case = {
  name: 'sallyport test says in plain words that the password is wrong',
  async run(house) {
    const { code, output } = await testLogin(house, ['peap'], 'wrong')
    assert.equal(code, 1, output)
    assert.match(output, /The name or the password is wrong\./)
    return output.trim().split('\n').at(-1)?.trim() ?? ''
  },
}

export const OWN_CLIENT_CASES: readonly Case[] = [...ACCEPTED, REFUSED]

async function testLogin(house: EapHouse, method: readonly string[], password = PASSWORD) {
  const usesCertificate = method.includes('eap-tls')
  const { certificate, key } = house.certificate()
  return await house.server.command(
    ...['test', ...method, '--data', house.server.data, '--port', String(house.server.authPort)],
    ...['--secret', CLIENTS.gateway.secret, '--server-name', SERVER_NAME],
    ...(usesCertificate
      ? ['--user', 'alice@lab.test', '--cert', certificate, '--key', key]
      : ['--user', 'alice', '--password', password]),
  )
}
