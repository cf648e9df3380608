import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { LANGUAGES } from '../../config/schema.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { GUIDE_OUTPUTS } from './guides.ts'
import { isPossible, pageText } from './test/pages.ts'

/** One transparent pixel. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const folder = mkdtempSync(join(tmpdir(), 'guides-browser-'))
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

/** What the browser complains about while it shows these pages, each in a frame of its own. */
function complaints(name: string, pages: readonly string[]): readonly string[] {
  const frames = pages.map((page, index) => {
    writeFileSync(join(folder, `${name}-${String(index)}.html`), page)
    return `<iframe src="${name}-${String(index)}.html"></iframe>`
  })
  const all = join(folder, `${name}.html`)
  writeFileSync(all, `<!DOCTYPE html><title>all</title>${frames.join('')}`)
  const { status, stderr, stdout } = spawnSync(
    '/usr/bin/chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...[
        '--enable-logging=stderr',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--dump-dom',
        `file://${all}`,
      ],
    ],
    { encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
  )
  assert.equal(status, 0, stderr.slice(-500))
  assert.equal((stdout.match(/<iframe/g) ?? []).length, pages.length)
  return stderr.split('\n').filter((line) => line.includes('CONSOLE'))
}

function everyPage(): readonly string[] {
  return LANGUAGES.flatMap((language) =>
    GUIDE_OUTPUTS.flatMap((output) => {
      const inputs = ['peap-mschapv2', 'eap-mschapv2', 'mschapv2'].map((authentication) =>
        exampleVpn(
          {
            authentication,
            tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'],
            l2tpMachineAuthentication: 'psk',
            preSharedKey: 'example-key',
            allUsers: true,
            dns: { suffixes: ['corp.example.org'] },
          },
          { language, person: EXAMPLE_PERSON },
        ),
      )
      const input = [...inputs, exampleWifi({}, { language })].find((one) => isPossible(output, one))
      if (input === undefined) return []
      return [pageText(output, { ...input, organization: { ...input.organization, logo: LOGO } })]
    }),
  )
}

describe('guides in a browser', { skip: skipReason('chromium') }, () => {
  const pages = everyPage()

  it('ok/no-complaint', () => {
    assert.equal(pages.length, GUIDE_OUTPUTS.length * LANGUAGES.length)
    assert.deepEqual(complaints('guides', pages), [])
  })

  // The policy is in force: with one it does not name, the browser refuses style, picture and script.
  it('fail/policy-is-in-force', () => {
    const [page = ''] = pages
    const style = complaints('style', [page.replace('<style>', '<style>\n')])
    assert.match(style.join('\n'), /style/i)
    const picture = complaints('picture', [page.replace('data:image/png', 'https://logo.example.org/')])
    assert.match(picture.join('\n'), /Content Security Policy/i)
    const script = complaints('script', [page.replace('</main>', '<script>alert(1)</script></main>')])
    assert.match(script.join('\n'), /script/i)
  })
})
