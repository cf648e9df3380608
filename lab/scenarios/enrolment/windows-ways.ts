/** MS-WSTEP with the messages of Windows, sent by curl; another parser judges what comes back. */
import { WindowsClient } from '../../../server/test/windows/windows-client.ts'
import type { LabCertificate } from '../../certificates.ts'
import { type EnrolmentHouse, PASSWORD } from './house.ts'
import type { Way } from './life.ts'

const windows: Way = {
  name: 'MS-WSTEP by curl: name and password, then the key that is renewed',
  user: 'by-windows',
  async enrol(house) {
    const client = clientOf(house)
    await client.request('win-1', '--template-name', 'people')
    const token = await client.cmc('win-1')
    const who = { username: 'by-windows', password: PASSWORD, template: 'people' }
    const part = 'Sallyport_CES_UsernamePassword'
    const answer = await client.send(part, 'windows-issue-pkcs7-username', { ...who, token })
    return await taken(house, client, answer, 'win-1')
  },
  async renew(house) {
    const client = clientOf(house)
    await client.request('win-2', '--renews', client.file('win-1.pem'), '--template-name', 'people')
    const old = ['--old-key', client.file('win-1.key'), '--old', client.file('win-1.pem')]
    const token = await client.cmc('win-2', ...old)
    const answer = await client.send('Sallyport_CES_Anonymous', 'windows-renew', { token })
    return await taken(house, client, answer, 'win-2')
  },
}

function clientOf({ folder, server, root }: EnrolmentHouse): WindowsClient {
  return new WindowsClient({ folder, port: server.enrolPort, host: 'localhost', root })
}

async function taken(
  house: EnrolmentHouse,
  client: WindowsClient,
  answer: Awaited<ReturnType<WindowsClient['send']>>,
  name: string,
): Promise<LabCertificate> {
  if (answer.status !== 200) throw new Error(answer.text)
  const { problems } = await client.issued(answer, name)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { certificate: house.path(`${name}.pem`), key: house.path(`${name}.key`) }
}

export const WINDOWS_WAYS: readonly Way[] = [windows]
