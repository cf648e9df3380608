import type { VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { powershellText } from '../../windows/powershell-text.ts'
import type { FieldRow, Guide, Section, Step } from '../guide.ts'
import { ANDROID as D, STRONGSWAN_APP as S } from '../labels/android.ts'
import { APPLE as A } from '../labels/apple.ts'
import { GNOME as G } from '../labels/network-manager.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { insideName, titleOf } from '../parts/facts.ts'
import { code, named, say, ui, words } from '../phrase.ts'
import { dnsSteps } from './windows-dns.ts'
import { openConnections } from './windows-security.ts'

type Vpn = ProfileInput<VpnConnection>

/** What there is to know, for whatever system somebody has. */
function values({ connection }: Vpn): Section {
  const { servers, suffixes, rules } = connection.dns
  const fields: FieldRow[] = [
    ...servers.map((server) => ({ label: say('dnsServer'), value: code(server) })),
    ...suffixes.map((suffix) => ({ label: say('dnsSuffixField'), value: code(suffix) })),
    ...rules.map(({ suffix, servers: asked }) => ({
      label: say('dnsRule', { suffix: code(suffix) }),
      value: asked.length === 0 ? words(say('dnsAsElsewhere')) : code(asked.join(', ')),
    })),
  ]
  return {
    title: say('dnsValuesTitle'),
    blocks: [
      { kind: 'paragraph', say: say('dnsWhy') },
      ...(fields.length === 0 ? [] : [{ kind: 'fields', fields } as const]),
    ],
  }
}

function windows(input: Vpn, name: string): Section {
  const { connection } = input
  const title = powershellText(titleOf(input))
  const rules = connection.dns.rules.map(({ suffix, servers }) => {
    const asked = servers.length === 0 ? '' : ` -DnsIPAddress ${servers.map(powershellText).join(',')}`
    return `Add-VpnConnectionTriggerDnsConfiguration -ConnectionName ${title} -DnsSuffix ${powershellText(suffix)}${asked} -PassThru`
  })
  const form = dnsSteps(input)
  const steps: Step[] = [
    ...(form.length === 0
      ? []
      : [
          openConnections,
          { say: say('rightClick', { object: named(titleOf(input)), button: ui(W.properties) }) },
          ...form,
          { say: say('closeAll', { button: ui(W.ok) }) },
        ]),
    ...rules.map((command) => ({ say: say('runIn', { program: ui(W.powershell) }), command })),
    { say: say('testIn', { program: ui(W.powershell) }), command: `Resolve-DnsName ${name}` },
    { say: say('testOld', { program: ui(W.commandPrompt) }), command: `nslookup ${name}` },
    { say: say('testRules', { program: ui(W.powershell) }), command: 'Get-DnsClientNrptPolicy' },
  ]
  return { title: say('onSystem', { system: named('Windows') }), blocks: [{ kind: 'steps', steps }] }
}

function mac(name: string): Section {
  const steps: Step[] = [
    { say: say('dnsByProfile', { ending: code('.mobileconfig') }) },
    { say: say('testIn', { program: ui(A.terminal) }), command: `dscacheutil -q host -a name ${name}` },
    { say: say('testServers', { program: ui(A.terminal) }), command: 'scutil --dns' },
  ]
  return { title: say('onSystem', { system: named('macOS, iOS') }), blocks: [{ kind: 'steps', steps }] }
}

function android({ connection }: Vpn, name: string): Section {
  const servers = connection.dns.servers.join(' ')
  const steps: Step[] = [
    {
      say: say('openAndSet', { path: ui(D.settings, D.network) }),
      fields: [{ label: D.privateDns, value: ui(D.off) }],
    },
    ...(servers === ''
      ? []
      : [{ say: say('inApp', { app: ui(S.app) }), fields: [{ label: S.dnsServers, value: code(servers) }] }]),
    { say: say('worksInsidePage', { name: code(name) }) },
  ]
  return { title: say('onSystem', { system: named('Android') }), blocks: [{ kind: 'steps', steps }] }
}

function linux({ connection }: Vpn, name: string): Section {
  const servers = connection.dns.servers.join(', ')
  const steps: Step[] = [
    ...(servers === ''
      ? []
      : [
          {
            say: say('openAndSet', { path: ui(G.settings, G.network, G.vpn, G.ipv4) }),
            fields: [{ label: G.dns, value: code(servers) }],
          },
        ]),
    { say: say('testIn', { program: ui(G.terminal) }), command: `resolvectl query ${name}` },
    { say: say('testServers', { program: ui(G.terminal) }), command: 'resolvectl status' },
    { say: say('testOld', { program: ui(G.terminal) }), command: `nslookup ${name}` },
  ]
  return { title: say('onSystem', { system: named('Linux') }), blocks: [{ kind: 'steps', steps }] }
}

const trouble: Section = {
  title: say('errorsTitle'),
  blocks: [
    {
      kind: 'cures',
      rows: [
        { seen: say('seenNameNotFound'), cure: say('cureNameNotFound') },
        { seen: say('seenOnlyBrowser'), cure: say('cureOnlyBrowser') },
        { seen: say('seenOldAddress'), cure: say('cureOldAddress') },
      ],
    },
  ],
}

export const DNS: Guide = {
  id: 'dns',
  name: 'DNS for VPN',
  title: say('dnsFor'),
  isBare: true,
  system: 'any',
  vpn: {
    findings: ({ connection }) =>
      insideName(connection) === undefined
        ? [
            {
              severity: 'obstacle',
              code: 'no-inside-name',
              message:
                'DNS for VPN needs a name that only the DNS inside knows: dns/suffixes, or a rule with servers.',
              setting: 'dns',
            },
          ]
        : [],
    sections: (input) => {
      const name = insideName(input.connection) ?? ''
      return [
        values(input),
        windows(input, name),
        mac(name),
        android(input, name),
        linux(input, name),
        trouble,
      ]
    },
  },
}
