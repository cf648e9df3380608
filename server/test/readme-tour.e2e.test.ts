/** Runs "A VPN in ten commands" of the README as it stands there, with strongSwan as gateway and as alice's computer. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Charon, STRONGSWAN_PACKAGES } from '@sallyport/lab/charon'
import { skipReason } from '@sallyport/lab/debian'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { CLI, type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const ROOT = join(import.meta.dirname, '../..')
const TITLE = '## A VPN in ten commands\n'
const NAMES = '127.0.0.1 localhost\n192.0.2.2 pki.example.org\n203.0.113.10 vpn.example.org\n'
/** In the network of the role, and outside of it. */
const [INSIDE, ELSEWHERE] = ['10.1.0.1', '10.2.0.1']

interface Block {
  readonly language: string
  readonly text: string
}

function tour(): string {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split(TITLE)
  return section.split('\n## ')[0] ?? ''
}

function blocksOf(text: string): readonly Block[] {
  const found = text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)
  return [...found].map(([, language = '', block = '']) => ({ language, text: block }))
}

/** The addresses of the README: server 192.0.2.2, gateway 192.0.2.10 and 203.0.113.10. */
function cabled(): Network {
  const network = new Network('server', 'gateway', 'client')
  network.cable(
    { host: 'server', port: 'lan', address: '192.0.2.2/24' },
    { host: 'gateway', port: 'eth1', address: '192.0.2.10/24' },
  )
  network.cable(
    { host: 'gateway', port: 'eth0', address: '203.0.113.10/24' },
    { host: 'client', port: 'wan', address: '203.0.113.20/24' },
  )
  for (const address of [INSIDE, ELSEWHERE])
    network.ip('gateway', 'address', 'add', `${address}/32`, 'dev', 'lo')
  for (const host of ['server', 'gateway', 'client']) network.files(host, { hosts: NAMES, 'resolv.conf': '' })
  return network
}

const why = namespaceObstacle() ?? (existsSync('/dev/net/tun') ? undefined : 'no /dev/net/tun')
const skip = why ?? skipReason(...STRONGSWAN_PACKAGES, 'iproute2', 'iputils-ping')

describe('tour of the README', { skip }, () => {
  it('ok/ten commands: described, set up, connected, looked at, ended', { timeout: 120_000 }, async () => {
    using folder = temporaryFolder('sp-tour-')
    await using parts = new AsyncDisposableStack()
    const network = parts.use(cabled())
    const at = (...names: string[]): string => join(folder.path, ...names)
    mkdirSync(at('data'))
    const server = parts.use(
      await startSallyport({
        ...{ data: at('data'), authPort: 1812, acctPort: 1813, httpsPort: 8443, enrolPort: 8444 },
        args: ['--enrol-bind', '0.0.0.0'],
        prefix: network.prefix('server'),
      }),
    )
    writeFileSync(at('ca.pem'), readFileSync(at('data/ca.pem')))
    const outputs: string[] = []
    const run = async (host: string, command: string): Promise<void> => {
      const npx = `npx() { shift; ${process.execPath} ${CLI} "$@"; }\n`
      const [program = '', ...args] = [...network.prefix(host), 'sh', '-e', '-c', npx + command]
      const env = { ...process.env, SALLYPORT_DATA: server.data }
      const { code, output } = await runToEnd(program, args, { cwd: folder.path, env, milliseconds: 60_000 })
      assert.equal(code, 0, `${command}\n${output}`)
      outputs.push(output)
    }
    const files = (from: string, pattern: RegExp, place: string) =>
      readdirSync(at(from))
        .filter((name) => pattern.test(name))
        .map((name) => [`${place}/${name}`, readFileSync(at(from, name))] as const)
    const startGateway = async (): Promise<Charon> => {
      mkdirSync(at('charon-gateway'))
      return await Charon.start({
        ...{ network, host: 'gateway', folder: at('charon-gateway'), load: ['eap-radius'] },
        plugins: `include ${at('vpn-1/eap-radius.conf')}`,
        files: {
          'swanctl.conf': readFileSync(at('vpn-1/swanctl.conf')),
          ...Object.fromEntries(files('vpn-1', /^ca-.*\.pem$/, 'x509ca')),
          'x509/gateway.pem': readFileSync(at('gateway/live/cert.pem')),
          'private/gateway.key': readFileSync(at('gateway/live/key.pem')),
        },
      })
    }
    const connect = async (): Promise<void> => {
      mkdirSync(at('charon-alice'))
      const alice = parts.use(
        await Charon.start({
          ...{ network, host: 'client', folder: at('charon-alice'), load: ['eap-tls', 'updown'] },
          files: Object.fromEntries([
            ...files('alice', /\.conf$/, 'conf.d'),
            ...files('alice', /-ca-\d+\.pem$/, 'x509ca'),
            ...files('alice', /(?<!-ca-\d+)\.pem$/, 'x509'),
            ...files('alice', /\.p12$/, 'pkcs12'),
          ]),
        }),
      )
      const { code, output } = await alice.swanctl('--initiate', '--child', 'Example-VPN', '--timeout', '15')
      assert.equal(code, 0, `${output}\n${gateway?.log.slice(-3000)}`)
      const reached = [INSIDE, ELSEWHERE].map((address) => network.reaches('client', address))
      assert.deepEqual(await Promise.all(reached), [true, false], 'her role reaches one network alone')
    }

    let gateway: Charon | undefined
    let commands = 0
    for (const { language, text } of blocksOf(tour())) {
      const [, file] = /^# (\S+\.yaml)$/m.exec(text) ?? []
      if (language === 'yaml') {
        assert.ok(file !== undefined, text)
        writeFileSync(at(file), text)
        continue
      }
      for (const line of text.trim().split('\n')) {
        assert.match(line, /^npx sallyport /)
        const isOfGateway = line.includes(' enrol ')
        const [, challenge = 'none'] = /^([A-Z2-9-]{29})$/m.exec(outputs.at(-1) ?? '') ?? []
        if (line.includes('gateways check')) await connect()
        if (line.includes('sessions')) await until('her session', () => liveSession(server))
        await run(isOfGateway ? 'gateway' : 'server', line.replace('CHALLENGE', challenge))
        if (isOfGateway) gateway = parts.use(await startGateway())
        commands++
      }
    }
    assert.equal(commands, 10)
    const said = outputs.join('\n')
    assert.match(said, /https:\/\/pki\.example\.org:8444\/\S+/, 'a link')
    assert.match(said, /10\.99\.0\.1/, 'her address, among the sessions')
    assert.match(said, /ACCEPT alice through vpn-1, Example VPN, by eap-tls/)
    await until('the end of her tunnel', async () =>
      (await gateway?.associations()) === 0 ? true : undefined,
    )
    assert.equal(await network.reaches('client', INSIDE), false)
  })
})

describe('guide to a VPN from nothing', () => {
  it('ok/what it describes is served, and every command about it works', { timeout: 60_000 }, async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'data')
    mkdirSync(data)
    await using server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    const guide = readFileSync(join(ROOT, 'docs/guides/vpn.md'), 'utf8')
    for (const { text } of blocksOf(guide).filter(({ language }) => language === 'yaml')) {
      const file = join(folder.path, 'part.yaml')
      writeFileSync(file, text)
      const { code, output } = await server.cli('apply', '-f', file)
      assert.equal(code, 0, output)
    }
    for (const words of [
      ...['vpn-1', 'switch-1'].map((name) => ['gateways', 'make', name, '--out', join(folder.path, name)]),
      ['connections', 'show', 'Example VPN'],
      ['challenges', 'create', '--template', 'gateways', '--device', 'vpn-1', '--dns', 'vpn.example.org'],
    ]) {
      const { code, output } = await server.cli(...words)
      assert.equal(code, 0, output)
    }
  })
})

async function liveSession({ cli }: Sallyport) {
  const { output } = await cli('sessions', '--user', 'alice', '--json')
  const { items } = JSON.parse(output) as { items: { state: string }[] } // what the command prints
  return items.find(({ state }) => state === 'live')
}
