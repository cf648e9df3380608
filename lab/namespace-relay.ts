/** Run by `namespace-door.ts` inside a network namespace: PATH ADDRESS PORT. Ends with its standard input. */
import { createConnection, createServer } from 'node:net'
import { joined } from './namespace-door.ts'

const [path = '', address = '', port = ''] = process.argv.slice(2)
createServer({ allowHalfOpen: true }, (socket) =>
  joined(socket, createConnection({ host: address, port: Number(port), allowHalfOpen: true })),
).listen(path, () => console.log('open'))
process.stdin.on('end', () => process.exit()).resume()
