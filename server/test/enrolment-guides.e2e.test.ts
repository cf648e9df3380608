/** Follows the guides "Replace AD CS" and "SCEP for devices of an MDM server" as they are written. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { ForeignCa } from '@sallyport/lab/foreign-pki'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { CLI, type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const GUIDES = join(import.meta.dirname, '../../docs/guides')

interface Block {
  readonly language: string
  readonly text: string
}

function blocksOf(guide: string): readonly Block[] {
  return [...readFileSync(join(GUIDES, guide), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({ language, text }),
  )
}

/** The file where the guide has a line of dots that ends with its name. */
function withFiles(yaml: string, folder: string): string {
  return yaml.replaceAll(
    /^( +)-----BEGIN .*-----\n +\.\.\. (\S+)\n +-----END .*-----$/gm,
    (_, indent: string, name: string) =>
      readFileSync(join(folder, name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => indent + line)
        .join('\n'),
  )
}

describe('guides about enrolment', {
  skip: skipReason('openssl', 'strongswan-pki', 'curl', 'eapoltest'),
}, () => {
  async function follow(
    guide: string,
    prepare: (folder: string) => void,
    before: (script: string, server: Sallyport) => Promise<NodeJS.ProcessEnv>,
  ): Promise<{ outputs: readonly string[]; server: Sallyport; folder: string; close: () => Promise<void> }> {
    const folder = temporaryFolder()
    const data = join(folder.path, 'data')
    mkdirSync(data)
    prepare(folder.path)
    const server = await startSallyport({ data, args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'] })
    const close = async () => {
      await server[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    }
    const outputs: string[] = []
    try {
      for (const { language, text } of blocksOf(guide)) {
        const block = text
          .replaceAll('https://HOST:8443', `https://localhost:${server.httpsPort}`)
          .replaceAll('http://pki.example.org:8880', `http://127.0.0.1:${server.httpPort}`)
          .replaceAll('ca.pem -H', `${data}/ca.pem -H`)
        const file = /^# (\S+\.yaml)$/m.exec(block)?.[1]
        if (language === 'yaml') {
          assert.ok(file !== undefined, block)
          writeFileSync(join(folder.path, file), withFiles(block, folder.path))
          continue
        }
        assert.equal(language, 'sh', block)
        const connection = { SALLYPORT_DATA: data, SALLYPORT_SERVER: `https://127.0.0.1:${server.httpsPort}` }
        const env = { ...process.env, ...connection, ...(await before(block, server)) }
        const npx = `npx() { shift; ${process.execPath} ${CLI} "$@"; }\n`
        const { code, output } = await runToEnd('sh', ['-e', '-c', npx + block], { cwd: folder.path, env })
        assert.equal(code, 0, `${block}\n${output}`)
        outputs.push(output)
      }
    } catch (error) {
      await close()
      throw error
    }
    return { outputs, server, folder: folder.path, close }
  }

  it('ok/replace-ad-cs.md: both CAs are trusted, and the last rule tells them apart', async () => {
    let adcs: ForeignCa | undefined
    let folderOf = ''
    const upn = 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8:demo@example.org'
    const { outputs, server, folder, close } = await follow(
      'replace-ad-cs.md',
      (at) => {
        folderOf = at
        adcs = ForeignCa.root(join(at, 'adcs'), 'Example-CA')
        writeFileSync(join(at, 'adcs.pem'), readFileSync(adcs.certificate))
        const extensions = { extendedKeyUsage: 'serverAuth' }
        const names = ['DNS:radius.example.org']
        const radius = adcs.issue({ subject: '/CN=radius.example.org', names, extensions }, { alone: true })
        writeFileSync(join(at, 'radius.pem'), readFileSync(radius.certificate))
        writeFileSync(join(at, 'radius.key'), readFileSync(radius.key))
      },
      async (script, { cli }) => {
        // The domain of the guide is a realm already, as in the guide to Active Directory.
        if (script.includes('templates.yaml')) {
          const realm = { name: 'default', default: true, suffixes: ['example.org'], sources: ['local'] }
          const file = join(folderOf, 'realm.yaml')
          writeFileSync(file, JSON.stringify({ realms: [realm] }))
          const { code, output } = await cli('apply', '-f', file)
          assert.equal(code, 0, output)
        }
        return {}
      },
    )
    try {
      const said = outputs.join('\n')
      assert.match(said, /gateway/)
      assert.match(said, /pending/)
      assert.match(said, /CN=Example-CA/)
      assert.match(said, /radius\.example\.org/)
      const [, secret = ''] = / {3}secret (\S+)$/m.exec(server.process.output()) ?? []
      const client = adcs?.issue({ subject: '/CN=demo', names: [upn] }) ?? assert.fail('no CA')
      const root = join(folder, 'adcs.pem')
      const login = await eapolTest({
        network: [
          ...['eap=TLS', 'identity="demo"', `ca_cert="${root}"`, 'domain_match="radius.example.org"'],
          ...[`client_cert="${client.certificate}"`, `private_key="${client.key}"`],
        ],
        server: { port: server.authPort, secret },
        folder,
      })
      assert.equal(login.accepted, false, login.output.slice(-500))
      const receipt = await until('a receipt', async () => (await server.api.receipts())[0])
      const { reason, body } = await server.api.receipt(receipt.id)
      assert.deepEqual(
        [reason, receipt.rule],
        ['rejected-by-rule', 'still-by-adcs'],
        JSON.stringify(body.reason),
      )
    } finally {
      await close()
    }
  })

  it('ok/intune-scep.md: a challenge, a certificate, its revocation', async () => {
    let challenge = ''
    let folderOf = ''
    const { outputs, close } = await follow(
      'intune-scep.md',
      (at) => {
        folderOf = at
      },
      async (script, server) => {
        const token = readFileSync(join(server.data, 'cli-token'), 'utf8').split('\n')[0] ?? ''
        const env = { TOKEN: token, URL: `http://127.0.0.1:${server.httpPort}/scep/phones` }
        if (script.includes('$CHALLENGE')) {
          const { output } = await server.cli(
            'challenges',
            'create',
            '--template',
            'phones',
            '--user',
            'alice',
          )
          challenge = /^([A-Z2-9-]{29})$/m.exec(output)?.[1] ?? assert.fail(output)
        }
        const serial = script.includes('$SERIAL')
          ? new X509Certificate(readFileSync(join(folderOf, 'phone.pem'))).serialNumber.toLowerCase()
          : ''
        return { ...env, CHALLENGE: challenge, SERIAL: serial }
      },
    )
    await close()
    const said = outputs.join('\n')
    assert.match(said, /"challenge":"[A-Z2-9-]{29}"/)
    assert.match(said, /CN ?= ?alice/)
    assert.match(said, /TLS Web Client Authentication/)
    assert.match(said, /[Rr]evoked/)
  })
})
