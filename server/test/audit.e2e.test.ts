import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from 'node:tls'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

test('a change leaves its audit row also where the caller hangs up before the answer', async () => {
  using folder = temporaryFolder('sallyport-audit-')
  await using sallyport = await startSallyport({ data: folder.path })
  const database = new DatabaseSync(join(sallyport.data, 'sallyport.db'), { readOnly: true })
  const count = (text: string): number => Number(Object.values(database.prepare(text).get() ?? {})[0])
  await postAndReset(sallyport, '/api/v1/users', { name: 'ghost', password: 'a long password', groups: [] })
  const rows = "select count(*) from audit where action = 'POST /api/v1/users'"
  for (let wait = 0; wait < 100 && count(rows) === 0; wait++) await delay(100)
  assert.equal(count("select count(*) from users where name = 'ghost'"), 1, 'the change itself was made')
  assert.equal(count(rows), 1)
  database.close()
})

/** Sends a whole request and resets the connection while it is being worked on: hashing the password takes a while. */
async function postAndReset(sallyport: Sallyport, path: string, body: object): Promise<void> {
  const [token = ''] = readFileSync(join(sallyport.data, 'cli-token'), 'utf8').split('\n')
  const text = JSON.stringify(body)
  const ca = readFileSync(join(sallyport.data, 'ca.pem'))
  const socket = connect({ host: '127.0.0.1', port: sallyport.httpsPort, ca, servername: 'localhost' })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
  await delay(10)
  socket.destroy()
}
