/**
 * What is handed out for Linux, read by the programs it is for: strongSwan loads it, wpa_supplicant parses it,
 * NetworkManager lists it. Names that try to break out arrive as they are, or no file is made.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Charon } from '@sallyport/lab/charon'
import { skipReason } from '@sallyport/lab/debian'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { NetworkManager } from '@sallyport/lab/network-manager'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { linuxNetworkManager } from '../src/profiles/linux/networkmanager.ts'
import { linuxSetup } from '../src/profiles/linux/setup.ts'
import { setupClients } from '../src/profiles/linux/setup-plan.ts'
import { linuxSwanctl } from '../src/profiles/linux/swanctl.ts'
import { readKeyfile } from '../src/profiles/linux/test/keyfile-reader.ts'
import { ownContainer } from '../src/profiles/linux/test/own-container.ts'
import { linuxWpaSupplicant } from '../src/profiles/linux/wpa-supplicant.ts'
import {
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
} from '../src/profiles/testing/example-input.ts'
import { busFields, keyfileFields } from './linux-profiles/bus-fields.ts'
import { hostileInputs, isRefused, plainInputs } from './linux-profiles/inputs.ts'
import { loadedConnections, placeFiles } from './linux-profiles/loaded-connections.ts'
import { parsedNetworks, textOf } from './linux-profiles/parsed-networks.ts'

const why = namespaceObstacle()
const skip =
  why ??
  skipReason(
    ...(['strongswan-charon', 'strongswan-swanctl', 'libcharon-extra-plugins'] as const),
    ...(['libcharon-extauth-plugins', 'wpasupplicant', 'network-manager', 'systemd', 'dbus-daemon'] as const),
  )

describe('files for Linux', { skip }, () => {
  const parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder('sallyport-linux-')).path
  let network: Network
  before(() => {
    network = parts.use(new Network('host'))
  })
  after(() => parts.disposeAsync())

  describe('strongSwan', () => {
    let charon: Charon
    const home = join(folder, 'charon')
    before(async () => {
      mkdirSync(home)
      const load = ['pkcs12', 'pkcs7', 'eap-tls', 'eap-ttls', 'eap-mschapv2']
      const files = { 'x509ca/ca.pem': EXAMPLE_ROOT_PEM }
      charon = parts.use(await Charon.start({ network, host: 'host', folder: home, files, load }))
    })

    it('ok/every-form-is-loaded-as-it-was-meant', async () => {
      const inputs = plainInputs(exampleVpn)
      for (const input of inputs) placeFiles(home, linuxSwanctl.make(input))
      const loaded = await loadedConnections(charon, home)
      assert.deepEqual([...loaded.keys()].toSorted(), ['mschapv2', 'peap', 'split', 'split-2', 'tls', 'ttls'])
      const tls = loaded.get('tls') ?? ''
      assert.match(
        tls,
        /local-1 \{aaa_id=radius\.example\.org eap_id=alice@example\.org id=alice@example\.org eap-type=EAP_TLS class=EAP .*certs=\[CN=alice\]/,
      )
      assert.match(
        tls,
        /remote-1 \{id=vpn\.example\.org class=public key .*cacerts=\[O=Example University, CN=Example University Root CA\]/,
      )
      assert.match(loaded.get('mschapv2') ?? '', /eap-type=EAP_MSCHAPV2/)
      assert.match(loaded.get('ttls') ?? '', /aaa_id=radius\.example\.org .*eap-type=EAP_TTLS/)
      assert.match(loaded.get('peap') ?? '', /eap-type=EAP_PEAP/)
      const split = loaded.get('split') ?? ''
      assert.match(split, /remote-ts=\[10\.0\.0\.0\/8 2001:db8::\/32\]/)
      assert.match(split, /split-outside \{mode=PASS/)
      const { output } = await charon.swanctl('--list-certs')
      assert.match(output, /has private key/, 'the key of the container')
    })

    it('fail/no-name-breaks-out', async () => {
      const inputs = hostileInputs(exampleVpn).filter((input) => !isRefused(linuxSwanctl, input))
      assert.ok(inputs.length > 10, `only ${String(inputs.length)} were made`)
      for (const input of inputs) placeFiles(home, linuxSwanctl.make(input))
      const loaded = await loadedConnections(charon, home)
      for (const input of inputs) {
        const [file] = linuxSwanctl.make(input)
        const name = file?.name.replace(/\.conf$/, '') ?? ''
        // charon prints a question mark for what is not printable ASCII, and a comma of a name as it is.
        const shown = [...Buffer.from(input.person?.userName ?? '')]
          .map((octet) => (octet < 0x20 || octet > 0x7e ? '?' : String.fromCharCode(octet)))
          .join('')
        assert.ok(
          loaded.get(name)?.includes(`eap_id=${shown} id=${shown} eap-type=`),
          `${name}: ${String(loaded.get(name))} ${shown}`,
        )
      }
      assert.equal([...loaded.keys()].filter((name) => name.startsWith('hostile')).length, inputs.length)
    })
  })

  describe('wpa_supplicant', () => {
    it('ok/every-form-is-parsed', async () => {
      const inputs = [...plainInputs(exampleWifi), ...plainInputs(exampleWired)]
      const files = inputs.flatMap((input) => linuxWpaSupplicant.make(input))
      for (const { content } of files) {
        const { networks, output } = await parsedNetworks(network, folder, String(content))
        assert.equal(networks.length, 1, output)
        assert.equal(textOf(networks[0], 'domain_suffix_match'), 'radius.example.org')
        assert.equal(textOf(networks[0], 'identity'), 'alice@example.org')
      }
    })

    it('fail/no-name-breaks-out', async () => {
      const inputs = hostileInputs(exampleWifi).filter((input) => !isRefused(linuxWpaSupplicant, input))
      assert.ok(inputs.length > 10, `only ${String(inputs.length)} were made`)
      const blocks = inputs.map((input) => {
        const text = String(linuxWpaSupplicant.make(input)[0]?.content)
        return text.slice(text.indexOf('network={'), text.indexOf('blob-base64-'))
      })
      const { networks, output } = await parsedNetworks(network, folder, blocks.join('\n'))
      assert.equal(networks.length, inputs.length, output)
      for (const [index, { connection, person, certificate }] of inputs.entries()) {
        const found = networks[index]
        assert.equal(textOf(found, 'ssid'), connection.ssid)
        assert.equal(textOf(found, 'identity'), person?.userName)
        const password = certificate?.kind === 'pkcs12' ? certificate.password : undefined
        assert.equal(textOf(found, 'private_key_passwd'), password)
        assert.equal(textOf(found, 'domain_suffix_match'), 'radius.example.org')
      }
    })
  })

  describe('sh', () => {
    it('fail/no-name-breaks-out', async () => {
      const inputs = [
        ...hostileInputs(exampleWifi),
        ...hostileInputs(exampleVpn, { authentication: 'eap-tls' }),
      ]
        .filter((input) => !isRefused(linuxSetup, input))
        .filter((_, index) => index % 6 === 0)
        // openssl opens it, so it must be of that password.
        .map((input) => ({
          ...input,
          certificate: ownContainer(input.certificate?.kind === 'pkcs12' ? input.certificate.password : ''),
        }))
      assert.ok(inputs.length > 5, `only ${String(inputs.length)} were made`)
      const clients = inputs.flatMap((input) => setupClients(input).map((client) => ({ input, client })))
      const commands = clients.map(({ input, client }, index) => {
        const [script] = linuxSetup.make(input)
        writeFileSync(join(folder, `setup-${String(index)}.sh`), script?.content ?? '')
        return `sh setup-${String(index)}.sh --root ${folder}/root-${String(index)} --client ${client.name}`
      })
      const { code, output } = await runToEnd('sh', ['-ec', commands.join('\n')], { cwd: folder })
      assert.equal(code, 0, output)
      assert.equal(output, '', 'it says nothing')
      for (const [index, { client }] of clients.entries()) {
        const root = join(folder, `root-${String(index)}`)
        const found = readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
        const own = client.splitsContainer && client.own !== undefined ? Object.values(client.own) : []
        assert.deepEqual(found.toSorted(), [...client.files.map(({ path }) => path), ...own].toSorted())
        for (const { path, content } of client.files) {
          assert.deepEqual(readFileSync(join(root, path)), Buffer.from(content), path)
        }
      }
    })
  })

  describe('NetworkManager', () => {
    let manager: NetworkManager
    before(async () => {
      mkdirSync(join(folder, 'nm'))
      manager = parts.use(await NetworkManager.start(network, 'host', join(folder, 'nm')))
    })

    const readBack = async (files: readonly { readonly name: string; readonly content: string }[]) => {
      await manager.load(files)
      const known = await manager.connections('802-1x', 'vpn')
      for (const { name, content } of files) {
        const wanted = readKeyfile(content)
        const uuid = wanted.find(([path]) => path === 'connection/uuid')?.[1] ?? ''
        const found = known.get(uuid)
        assert.ok(found !== undefined, `${name} was not read:\n${content}\n${manager.log.slice(-1500)}`)
        assert.deepEqual(busFields(found), keyfileFields(wanted), name)
      }
    }
    const keyfiles = (inputs: readonly Parameters<typeof linuxNetworkManager.make>[0][]) =>
      inputs
        .flatMap((input) => linuxNetworkManager.make(input))
        .filter(({ name }) => name.endsWith('.nmconnection'))
        .map(({ name, content }) => ({ name, content: String(content) }))

    it('ok/every-value-is-read', async () => {
      const person = { userName: 'alice@example.org' }
      const certificate = ownContainer()
      const ppp = {
        tunnelTypes: ['sstp', 'l2tp', 'pptp'],
        l2tpMachineAuthentication: 'psk',
        preSharedKey: 'a"b;#\\c=1',
      }
      const routes = [
        { prefix: '10.0.0.0/8', metric: 7 },
        { prefix: '2001:db8::/32' },
        { prefix: '10.1.0.0/16' },
      ]
      const dns = {
        ...{ servers: ['10.0.0.53', '2001:db8::53'], suffixes: ['example.org'] },
        rules: [{ suffix: '.corp.example.org', servers: ['10.0.0.53'] }],
      }
      const proxy = { autoConfigurationUrl: 'https://proxy.example.org/proxy.pac' }
      await readBack(
        keyfiles([
          exampleVpn({}, { person, certificate }),
          exampleVpn({ name: 'password', authentication: 'eap-mschapv2' }, { person }),
          exampleVpn(
            {
              ...ppp,
              name: 'ppp',
              authentication: 'mschapv2',
              routing: 'split',
              routes,
              dns,
              proxy,
              mtu: 1400,
            },
            { person },
          ),
          exampleVpn({ name: 'ppp-tls', tunnelTypes: ['sstp', 'l2tp'] }, { person, certificate }),
          ...plainInputs(exampleWifi),
          ...plainInputs(exampleWired),
          exampleWifi(
            { name: 'numbers', ssid: '1;2', security: 'wpa3', hidden: true, randomMac: false },
            { person },
          ),
          exampleWifi({ name: '192', security: 'wpa3-192', autoConnect: false }, { person, certificate }),
        ]),
      )
    })

    it('fail/no-name-breaks-out', async () => {
      const inputs = [
        ...hostileInputs(exampleWifi),
        ...hostileInputs(exampleVpn, {
          tunnelTypes: ['l2tp'],
          authentication: 'mschapv2',
          l2tpMachineAuthentication: 'psk',
          preSharedKey: 'replaced by the test',
        }),
      ].filter((input) => !isRefused(linuxNetworkManager, input))
      assert.ok(inputs.length > 20, `only ${String(inputs.length)} were made`)
      await readBack(keyfiles(inputs))
    })
  })
})
