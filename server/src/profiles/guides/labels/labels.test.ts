import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Label } from '../label.ts'
import { plain, translationsOf } from '../test/read-translations.ts'
import { LABELS } from './index.ts'

/** Programs whose translations come with a package of Debian 12; another release may say something else. */
const DOMAINS = {
  NM_L2TP: 'NetworkManager-l2tp',
  NM_PPTP: 'NetworkManager-pptp',
  NM_SSTP: 'NetworkManager-sstp',
  NM_STRONGSWAN: 'NetworkManager-strongswan',
} as const
const release = '/etc/debian_version'
const isDebian12 = existsSync(release) && readFileSync(release, 'utf8').startsWith('12')

describe('labels of programs', () => {
  for (const [maker, domain] of Object.entries(DOMAINS)) {
    const here = isDebian12 && ['ru', 'de', 'es'].some((one) => translationsOf(domain, one) !== undefined)
    it(`ok/${domain}`, { skip: here ? false : `no translations of ${domain} of Debian 12 here` }, () => {
      const labels = Object.entries<Label>(LABELS[maker as keyof typeof DOMAINS])
      for (const language of ['ru', 'de', 'es'] as const) {
        const translations = translationsOf(domain, language)
        for (const [name, label] of labels.filter(([, { confidence }]) => confidence === 'program')) {
          const en = plain(label.en)
          // What a program does not translate, it shows in English.
          const said = translations?.get(en) ?? [en]
          const text = `${maker}.${name} in ${language} is ${label[language]}, not ${said.join(' or ')}`
          assert.ok(said.includes(plain(label[language])), text)
        }
      }
    })
  }

  it('ok/every-label-is-shown', () => {
    const folder = new URL('../', import.meta.url)
    const sources = globSync('{systems,parts}/*.ts', { cwd: folder }).map((name) =>
      readFileSync(new URL(name, folder), 'utf8'),
    )
    const shown = (maker: string, name: string) =>
      sources.some((source) => {
        const imported = new RegExp(`\\b${maker}\\b(?: as (\\w+))?[^}]*\\} from '\\.\\./labels/`).exec(source)
        return imported !== null && new RegExp(`\\b${imported[1] ?? maker}\\.${name}\\b`).test(source)
      })
    const left = Object.entries(LABELS).flatMap(([maker, labels]) =>
      Object.keys(labels).flatMap((name) => (shown(maker, name) ? [] : [`${maker}.${name}`])),
    )
    assert.deepEqual(left, [])
  })
})
