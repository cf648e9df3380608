import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { LANGUAGES, type Language } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { hostileName, hostileText } from '../testing/hostile-text.ts'
import { UnwritableText } from '../unwritable-text.ts'
import { GUIDE_OUTPUTS } from './guides.ts'
import { isPossible, pageText } from './test/pages.ts'
import { readPages, withoutPython } from './test/read-pages.ts'

/** Texts somebody can write somewhere, wherever one gets into a page. */
interface Texts {
  readonly organization: string
  readonly title: string
  readonly user: string
  readonly helpDesk: string
  readonly server: string
  readonly key: string
  readonly root: string
}
const FIELDS = ['organization', 'title', 'user', 'helpDesk', 'server', 'key', 'root'] as const

const TAME: Texts = {
  organization: 'Example',
  title: 'Example VPN',
  user: 'alice',
  helpDesk: 'IT Service',
  server: 'radius.example.org',
  key: 'example-key',
  root: 'Example Root CA',
}

const METHODS = ['mschapv2', 'peap-mschapv2', 'eap-mschapv2', 'eap-tls'] as const

/** Inputs that together reach every guide. */
function inputs(language: Language, texts: Texts): readonly ProfileInput[] {
  const person = { ...EXAMPLE_PERSON, userName: texts.user }
  const tunnelTypes = ['ikev2', 'sstp', 'l2tp', 'pptp']
  const vpn = METHODS.map((authentication) =>
    exampleVpn(
      {
        tunnelTypes,
        authentication,
        l2tpMachineAuthentication: 'psk',
        preSharedKey: 'example-key',
        allUsers: true,
        routing: 'split',
        routes: [{ prefix: '10.0.0.0/8' }],
        dns: { suffixes: ['example.org'], servers: ['10.0.0.53'] },
      },
      { language, person },
    ),
  )
  const ports = (['eap-tls', 'peap-mschapv2'] as const).flatMap((authentication) => [
    exampleWifi({ authentication }, { language, person }),
    exampleWired({ authentication }, { language, person }),
  ])
  return [...vpn, ...ports].map((input) => written(input, texts))
}

/** Past the schemas, which refuse much of it: a page is safe whatever they let through. */
function written(input: ProfileInput, texts: Texts): ProfileInput {
  const { connection, radiusServer, organization } = input
  const named = {
    ...connection,
    title: texts.title,
    ...(connection.kind === 'vpn' && { preSharedKey: texts.key, gateways: [{ address: texts.server }] }),
    ...(connection.kind === 'wifi' && { ssid: texts.title }),
  } as ProfileInput['connection'] // of the kind it was
  const anchors = radiusServer.anchors.map((anchor) => ({
    ...anchor,
    subject: {
      ...anchor.subject,
      rdns: anchor.subject.rdns.map((rdn) => rdn.map((part) => ({ ...part, text: texts.root }))),
    },
  }))
  return {
    ...input,
    connection: named,
    organization: {
      ...organization,
      name: texts.organization,
      helpDesk: { name: texts.helpDesk, phone: texts.helpDesk, email: texts.helpDesk, url: texts.helpDesk },
    },
    radiusServer: { names: [texts.server], anchors },
    gatewayAnchors: anchors,
  }
}

const possible = (language: Language, texts: Texts) =>
  inputs(language, texts).flatMap((input, index) =>
    GUIDE_OUTPUTS.filter((output) => isPossible(output, input)).map((output) => ({ output, input, index })),
  )

describe('guides', () => {
  it('ok/every-guide-is-reached', () => {
    const reached = new Set(possible('en', TAME).map(({ output }) => output.id))
    assert.deepEqual(
      GUIDE_OUTPUTS.map(({ id }) => id).filter((id) => !reached.has(id)),
      [],
    )
  })

  it('ok/well-formed-in-every-language', { skip: withoutPython }, () => {
    for (const language of LANGUAGES) {
      const made = possible(language, TAME)
      for (const [index, page] of readPages(
        made.map(({ output, input }) => pageText(output, input)),
      ).entries()) {
        assert.deepEqual(page.errors, [], `${String(made[index]?.output.id)} ${language}`)
        assert.ok(!page.text.includes('{'), `a hole is open in ${String(made[index]?.output.id)} ${language}`)
      }
    }
  })

  it('ok/hostile-texts-change-no-tag', { skip: withoutPython }, () => {
    const tame = possible('en', TAME)
    const structures = readPages(tame.map(({ output, input }) => pageText(output, input))).map(
      ({ tags }) => tags,
    )
    const texts = fc.record(
      Object.fromEntries(FIELDS.map((field) => [field, fc.oneof(hostileName(), hostileText())])) as Record<
        keyof Texts,
        fc.Arbitrary<string>
      >,
    )
    const made: { page: string; texts: Texts; tame: number }[] = []
    let refused = 0
    for (const [run, sample] of fc.sample(texts, { numRuns: 400, seed: 6 }).entries()) {
      const at = run % tame.length
      const chosen = tame[at]
      assert.ok(chosen)
      const input = inputs('en', sample)[chosen.index]
      assert.ok(input)
      try {
        made.push({ page: pageText(chosen.output, input), texts: sample, tame: at })
      } catch (error) {
        assert.ok(error instanceof UnwritableText, String(error))
        refused++
      }
    }
    assert.ok(
      made.length >= 40,
      `only ${String(made.length)} of 400 were written, ${String(refused)} refused`,
    )
    for (const [index, page] of readPages(made.map((one) => one.page)).entries()) {
      const one = made[index]
      assert.ok(one)
      assert.deepEqual(page.errors, [])
      assert.deepEqual(page.tags, structures[one.tame])
      for (const field of ['organization', 'title', 'helpDesk'] as const) {
        assert.ok(page.text.includes(one.texts[field]), `${field} ${JSON.stringify(one.texts[field])}`)
      }
    }
  })

  it('fail/other-schemes-are-no-links', { skip: withoutPython }, () => {
    const [output] = GUIDE_OUTPUTS
    assert.ok(output)
    const at = (url: string) => {
      const input = exampleVpn()
      const { organization } = input
      return pageText(output, {
        ...input,
        organization: { ...organization, helpDesk: { ...organization.helpDesk, url } },
      })
    }
    const [good, ...bad] = readPages(
      [
        'https://help.example.org/',
        'http://help.example.org/',
        'javascript:alert(1)',
        ' javascript:x',
        'data:text/html,x',
        'HTTPS/x',
      ].map(at),
    )
    assert.deepEqual(good?.links, [
      'tel:+49305550100',
      'mailto:help@example.org',
      'https://help.example.org/',
    ])
    for (const page of bad) assert.deepEqual(page.links, ['tel:+49305550100', 'mailto:help@example.org'])
  })

  it('ok/names-keep-their-direction', () => {
    const [output] = GUIDE_OUTPUTS
    assert.ok(output)
    const page = pageText(output, exampleVpn({ title: 'שלום VPN' }))
    assert.ok(page.includes('<bdi>שלום VPN</bdi>'))
    assert.ok(page.includes('<code dir="auto">שלום VPN</code>'))
  })

  it('ok/titles-are-names-of-systems', () => {
    const titles = new Map(GUIDE_OUTPUTS.map(({ id, title }) => [id, title]))
    assert.equal(titles.get('guide-ios'), 'Step by step: iPhone and iPad')
    assert.equal(titles.get('guide-windows-10-classic'), 'Step by step: Windows 10 (Control Panel)')
    assert.equal(titles.get('guide-windows-sign-in'), 'Step by step: the sign-in screen of Windows')
  })

  it('ok/secrets-are-said', () => {
    const output = GUIDE_OUTPUTS.find(({ id }) => id === 'guide-windows-11')
    const holds = (input: ProfileInput) => output?.make(input).map(({ holdsSecret }) => holdsSecret)
    assert.deepEqual(holds(exampleVpn()), [false, false])
    const psk = {
      tunnelTypes: ['l2tp'],
      authentication: 'mschapv2',
      l2tpMachineAuthentication: 'psk',
      preSharedKey: 'example-key',
    }
    assert.deepEqual(holds(exampleVpn(psk)), [true])
  })
})
