/** Whole conversations through us to FreeRADIUS. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { captureFile } from '../../capture.ts'
import { eapolTest } from '../../eapol-test.ts'
import { startFreeRadiusTarget } from '../../freeradius-target.ts'
import { runToEnd } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, radclient } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { NAS_SECRET, PASSWORD, UPSTREAM_SECRET } from './configuration.ts'
import type { ProxyHouse } from './house.ts'

type Case = LabCase<ProxyHouse>

const MESSAGE_AUTHENTICATOR_TYPE = 80

const PAP: Case = {
  name: 'PAP is opened and hidden anew, and the policy decides after the accept',
  async run(house) {
    house.first.wire.forget()
    const reply = await house.login('bob@partner.test')
    assert.equal(reply.code, 'Access-Accept', reply.output)
    assert.match(reply.attributes[0] ?? '', /^Message-Authenticator/)
    assert.ok(reply.attributes.includes('Filter-Id = "guests"'), reply.output)
    assert.ok(reply.attributes.includes('User-Name = "bob@partner.test"'), reply.output)
    const { body, method, rule } = await house.receipt(reply.station)
    assert.deepEqual([method, rule, body.proxy?.upstream], ['proxied', 'partners', 'first'])
    const explained = await house.server.cli('explain', (await house.receipt(reply.station)).id)
    assert.match(explained.output, /proxied, answered by upstream first of group partner in/)
    const sent = house.first.wire.seen.filter(({ toServer, octets }) => toServer && octets[0] === 1)
    assert.equal(sent.length, 1)
    assert.equal(sent[0]?.octets[20], MESSAGE_AUTHENTICATOR_TYPE, 'Message-Authenticator comes first')
    return `${body.proxy?.milliseconds} ms at ${body.proxy?.upstream}`
  },
}

const TSHARK: Case = {
  name: 'tshark finds what we send to the upstream right: Message-Authenticator, password, Proxy-State',
  async run(house) {
    house.first.wire.forget()
    await house.login('bob@partner.test')
    const datagrams = house.first.wire.seen.filter(({ octets }) => octets[0] !== 12)
    const port = house.first.server.port
    const file = join(house.folder, 'proxied.pcap')
    writeFileSync(
      file,
      captureFile(
        datagrams.map(({ octets, toServer }) => ({
          octets,
          from: toServer ? 40_000 : port,
          to: toServer ? port : 40_000,
        })),
      ),
    )
    const { output } = await runToEnd('tshark', [
      ...['-r', file, '-V', '-O', 'radius', '-d', `udp.port==${port},radius`],
      ...['-o', `radius.shared_secret:${UPSTREAM_SECRET}`, '-o', 'radius.validate_authenticator:TRUE'],
    ])
    assert.match(output, new RegExp(`User-Password.*Decrypted: ${PASSWORD}`), output)
    assert.match(output, /Proxy-State/)
    assert.doesNotMatch(output, /Malformed|Authenticator validation failed|incorrect/i)
    return `${datagrams.length} datagrams dissected`
  },
}

const PROXY_STATES: Case = {
  name: 'Proxy-States of others come back in order, ours does not',
  async run(house) {
    const reply = await house.login('bob@partner.test', [
      `User-Password = "${PASSWORD}"`,
      'Proxy-State = 0x0102',
      'Proxy-State = 0x0304',
    ])
    const states = reply.attributes.filter((line) => line.startsWith('Proxy-State'))
    assert.deepEqual(states, ['Proxy-State = 0x0102', 'Proxy-State = 0x0304'], reply.output)
    const [sent] = house.first.wire.seen
      .filter(({ octets, toServer }) => toServer && octets[0] === 1)
      .slice(-1)
    const proxyStates = attributesOf(sent?.octets ?? new Uint8Array(), 33)
    assert.equal(proxyStates.length, 3)
    assert.deepEqual(proxyStates.slice(0, 2), ['0102', '0304'])
    return 'two returned, three sent'
  },
}

const DIRECT: readonly Case[] = [
  {
    name: 'CHAP without CHAP-Challenge: the challenge is carried explicitly',
    async run(house) {
      const reply = await house.login('bob@partner.test', [`CHAP-Password = "${PASSWORD}"`])
      assert.equal(reply.code, 'Access-Accept', reply.output)
      return reply.code ?? ''
    },
  },
  {
    name: 'MS-CHAP of a device: the keys are hidden anew',
    async run(house) {
      const reply = await house.login('bob@partner.test', [`MS-CHAP-Password = "${PASSWORD}"`])
      assert.equal(reply.code, 'Access-Accept', reply.output)
      const keys = reply.attributes.find((line) => line.startsWith('MS-CHAP-MPPE-Keys'))
      assert.match(keys ?? '', /0x0{16}[0-9a-f]{32}/, reply.output)
      return keys ?? ''
    },
  },
  {
    name: 'a wrong password is refused with the word of the upstream',
    async run(house) {
      const reply = await house.login('bob@partner.test', ['User-Password = "wrong"'])
      assert.equal(reply.code, 'Access-Reject', reply.output)
      const { body, sentence } = await house.receipt(reply.station)
      assert.equal(body.reason.code, 'upstream-rejected')
      return sentence ?? ''
    },
  },
  {
    name: 'the policy refuses whom the upstream accepts',
    async run(house) {
      await house.serve((yaml) => yaml.replace('user.name == "eve"', 'user.name == "bob"'))
      try {
        const reply = await house.login('bob@partner.test')
        assert.equal(reply.code, 'Access-Reject', reply.output)
        const { body, rule } = await house.receipt(reply.station)
        assert.deepEqual([body.reason.code, rule], ['rejected-by-rule', 'nobody-called-eve'])
        return body.reason.code
      } finally {
        await house.serve()
      }
    },
  },
]

const GRANTS: Case = {
  name: 'an upstream grants no VLAN, no tunnel secret and no administrator unless it may',
  async run(house) {
    const password = [`User-Password = "${PASSWORD}"`]
    const strict = await house.login('generous@partner.test', password)
    assert.equal(strict.code, 'Access-Accept', strict.output)
    const vlans = strict.attributes.filter((line) => line.startsWith('Tunnel-Private-Group-Id'))
    assert.deepEqual(vlans, ['Tunnel-Private-Group-Id:0 = "42"'], strict.output)
    assert.ok(strict.attributes.includes('Session-Timeout = 1234'), strict.output)
    assert.ok(strict.attributes.includes('Class = 0x757073747265616d'), strict.output)
    assert.doesNotMatch(strict.output.slice(strict.output.indexOf('Received')), /priv-lvl|Tunnel-Password/)
    await house.serve((yaml) =>
      yaml
        .replace(
          '{ group: partner }',
          '{ group: partner, reply: { allow: [Tunnel-Password, Cisco-AVPair] } }',
        )
        .replace(', vlan: 42', ''),
    )
    try {
      const wide = await house.login('generous@partner.test', password)
      assert.ok(wide.attributes.includes('Cisco-AVPair = "shell:priv-lvl=15"'), wide.output)
      assert.ok(wide.attributes.includes('Tunnel-Password:1 = "tunnel secret"'), wide.output)
      assert.ok(!wide.attributes.some((line) => line.startsWith('Tunnel-Private-Group-Id')), wide.output)
      const { body } = await house.receipt(wide.station)
      assert.ok(body.reply?.some(({ name }) => name === 'Cisco-AVPair'))
      assert.ok(!JSON.stringify(body).includes('tunnel secret'))
      return 'named attributes pass, hidden ones hidden anew'
    } finally {
      await house.serve()
    }
  },
}

function eapCase(name: string, network: (house: ProxyHouse) => readonly string[], noKeys = false): Case {
  return {
    name: `${name} runs through us to FreeRADIUS`,
    async run(house) {
      const result = await house.eap(network(house), noKeys)
      assert.ok(result.success, result.output.slice(-3000))
      if (!noKeys) assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
      const { body } = await house.receipt(result.station)
      assert.equal(body.proxy?.upstream, 'first')
      return `${body.proxy?.rounds} rounds, keys ${noKeys ? 'none' : 'match'}`
    },
  }
}

const identity = 'identity="bob@partner.test"'
const password = `password="${PASSWORD}"`
const trust = (house: ProxyHouse): string => `ca_cert="${house.ca.certificate}"`

const EAP: readonly Case[] = [
  eapCase('EAP-MD5', () => ['eap=MD5', identity, password], true),
  eapCase('PEAP with MSCHAPv2', (house) => [
    'eap=PEAP',
    identity,
    password,
    trust(house),
    'phase2="auth=MSCHAPV2"',
    'anonymous_identity="anonymous@partner.test"',
  ]),
  eapCase('EAP-TTLS with PAP', (house) => [
    'eap=TTLS',
    identity,
    password,
    trust(house),
    'phase2="auth=PAP"',
  ]),
  eapCase('EAP-TLS', (house) => [
    'eap=TLS',
    identity,
    trust(house),
    `client_cert="${house.user.certificate}"`,
    `private_key="${house.user.key}"`,
  ]),
  {
    name: 'a wrong password inside PEAP: EAP-Failure of the upstream',
    async run(house) {
      const result = await house.eap([
        'eap=PEAP',
        identity,
        'password="wrong"',
        trust(house),
        'phase2="auth=MSCHAPV2"',
      ])
      assert.ok(result.rejected && !result.success, result.output.slice(-2000))
      const { body } = await house.receipt(result.station)
      assert.equal(body.reason.code, 'upstream-rejected')
      return `after ${body.proxy?.rounds} rounds`
    },
  },
]

const REALMS: readonly Case[] = [
  {
    name: 'a realm by regular expression is passed on, an unknown one is not',
    async run(house) {
      const branch = await house.login('bob@branch.partner.test')
      assert.equal((await house.receipt(branch.station)).body.reason.code, 'upstream-rejected')
      house.first.wire.forget()
      const unknown = await house.login('bob@partner.test.evil')
      assert.equal(unknown.code, 'Access-Reject')
      assert.equal((await house.receipt(unknown.station)).body.reason.code, 'realm-unknown')
      assert.equal(house.first.wire.seen.filter(({ octets }) => octets[0] === 1).length, 0)
      return 'branch.partner.test passed on'
    },
  },
  {
    name: 'stripRealm sends the bare name; attributes are removed, set and added by name',
    async run(house) {
      await house.serve((yaml) =>
        yaml.replace(
          '{ group: partner }',
          `{ group: partner, stripRealm: true, request: { remove: [Calling-Station-Id], set: [{ name: NAS-Identifier, value: gate }], add: [{ name: Connect-Info, value: via sallyport }] }, reply: { remove: [Class], set: [{ name: Reply-Message, value: hello }] } }`,
        ),
      )
      try {
        house.first.wire.forget()
        const reply = await house.login('bob@partner.test', [
          `User-Password = "${PASSWORD}"`,
          'NAS-Identifier = "secret-lab"',
        ])
        assert.equal(reply.code, 'Access-Accept', reply.output)
        assert.ok(reply.attributes.includes('Reply-Message = "hello"'), reply.output)
        assert.ok(!reply.output.includes('name without realm'))
        const [sent] = house.first.wire.seen.filter(({ octets, toServer }) => toServer && octets[0] === 1)
        const octets = sent?.octets ?? new Uint8Array()
        assert.deepEqual(attributesOf(octets, 1), [Buffer.from('bob').toString('hex')])
        assert.deepEqual(attributesOf(octets, 31), [])
        assert.deepEqual(attributesOf(octets, 32), [Buffer.from('gate').toString('hex')])
        assert.deepEqual(attributesOf(octets, 77), [Buffer.from('via sallyport').toString('hex')])
        return 'rewritten both ways'
      } finally {
        await house.serve()
      }
    },
  },
  {
    name: 'local users stay local',
    async run(house) {
      house.first.wire.forget()
      const reply = await house.login('alice')
      assert.equal(reply.code, 'Access-Accept', reply.output)
      assert.equal(house.first.wire.seen.filter(({ octets }) => octets[0] === 1).length, 0)
      return reply.code ?? ''
    },
  },
]

const HOSTILE: readonly Case[] = [
  {
    name: 'a State that is none of ours starts nothing at the upstream',
    async run(house) {
      house.first.wire.forget()
      const reply = await house.login('bob@partner.test', [
        `User-Password = "${PASSWORD}"`,
        'State = 0x000000112233445566778899aabbccddeeff',
      ])
      assert.equal(reply.code, 'Access-Reject', reply.output)
      assert.equal(house.first.wire.seen.filter(({ octets }) => octets[0] === 1).length, 0)
      return (await house.receipt(reply.station)).body.reason.code
    },
  },
  {
    name: 'an upstream whose secret is another one: its silence is not taken for a no',
    async run(house) {
      await house.serve((yaml) => yaml.replaceAll(UPSTREAM_SECRET, 'another-secret-altogether'))
      try {
        const reply = await house.login('bob@partner.test', undefined, 2)
        assert.equal(reply.code, undefined, reply.output)
        return (await house.receipt(reply.station)).sentence ?? ''
      } finally {
        await house.serve()
        await house.mend()
      }
    },
  },
  {
    name: 'a reply that was changed on the way is dropped and named',
    async run(house) {
      for (const { wire } of [house.first, house.second])
        wire.alters = ({ octets, toServer }) => {
          if (toServer || octets[0] === undefined) return octets
          const changed = Uint8Array.from(octets)
          changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
          return changed
        }
      try {
        const reply = await house.login('bob@partner.test', undefined, 3)
        assert.equal(reply.code, undefined, reply.output)
        const { body, sentence } = await house.receipt(reply.station)
        assert.equal(body.reason.code, 'upstream-reply-invalid')
        return sentence ?? ''
      } finally {
        await house.mend()
      }
    },
  },
  {
    name: 'a request that comes back to us is refused as a loop, at once',
    async run(house) {
      const { authPort } = house.server
      await house.serve((yaml) =>
        yaml
          .replace(/authenticationPort: \d+/g, `authenticationPort: ${authPort}`)
          .replaceAll(UPSTREAM_SECRET, NAS_SECRET),
      )
      try {
        const startedAt = performance.now()
        const reply = await house.login('bob@partner.test')
        assert.equal(reply.code, 'Access-Reject', reply.output)
        assert.ok(performance.now() - startedAt < 2000)
        const rows = await until('both receipts', async () => {
          const own = (await house.server.api.receipts()).filter(
            (row) => row.callingStationId === reply.station,
          )
          return own.length > 1 ? own : undefined
        })
        assert.deepEqual(rows.map(({ reason }) => reason).toSorted(), ['proxy-loop', 'upstream-rejected'])
        return rows.map(({ reason }) => reason).join(', ')
      } finally {
        await house.serve()
        await house.mend()
      }
    },
  },
]

const BEHIND: Case = {
  name: 'FreeRADIUS passes a realm on to us and gets its Proxy-State back: PAP and EAP-MSCHAPv2',
  async run(house) {
    await using front = await startFreeRadiusTarget({
      folder: join(house.folder, 'front'),
      secret: FRONT_SECRET,
      user: { name: 'nobody', password: PASSWORD },
      tls: house.tls,
      proxy: { realm: 'home.test', port: house.server.authPort, secret: NAS_SECRET },
    })
    const ask = (password: string) =>
      radclient({
        command: 'auth',
        port: front.port,
        secret: FRONT_SECRET,
        attributes: ['User-Name = "alice@home.test"', `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR],
      })
    const reply = await ask(PASSWORD)
    assert.equal(reply.code, 'Access-Accept', reply.output)
    assert.equal((await ask('wrong')).code, 'Access-Reject')
    const eap = await eapolTest({
      network: ['eap=MSCHAPV2', 'identity="alice@home.test"', `password="${PASSWORD}"`],
      folder: house.folder,
      server: { port: front.port, secret: FRONT_SECRET },
    })
    assert.ok(eap.success, eap.output.slice(-2000))
    assert.deepEqual(eap.keys, { ok: 1, mismatch: 0 })
    return 'accepted and refused through FreeRADIUS'
  },
}

const FRONT_SECRET = 'secret-of-the-front-server'

const STATUS: Case = {
  name: 'sallyport upstreams shows both servers up',
  async run(house) {
    const { code, output } = await house.server.cli('upstreams')
    assert.equal(code, 0, output)
    assert.match(output, /partner\s+first\s+logins\s+127\.0\.0\.1 \d+\s+up/)
    assert.match(output, /partner\s+second\s+logins\s+127\.0\.0\.1 \d+\s+up/)
    return `${output.split('\n').length} lines`
  },
}

export const LOGIN_CASES: readonly Case[] = [
  STATUS,
  BEHIND,
  PAP,
  TSHARK,
  PROXY_STATES,
  ...DIRECT,
  GRANTS,
  ...EAP,
  ...REALMS,
  ...HOSTILE,
]

/** Values of one type, in hex. */
export function attributesOf(octets: Uint8Array, type: number): string[] {
  const values: string[] = []
  for (let at = 20; at < octets.length; at += octets[at + 1] ?? octets.length) {
    if (octets[at] === type)
      values.push(Buffer.from(octets.subarray(at + 2, at + (octets[at + 1] ?? 2))).toString('hex'))
  }
  return values
}
