import { createHmac, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { stringify } from 'yaml'
import { secretsOf, withReferences } from '../../config/secrets.ts'
import { jsonWithoutSecrets, ReceiptStore } from '../../journal/index.ts'
import { tarArchive } from '../../kernel/tar.ts'
import type { Services } from '../../listeners/https/services.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { anonymousReceipt } from '../support-bundle/anonymous-receipt.ts'
import { sizes, versions } from '../support-bundle/installation.ts'
import { withoutKnownSecrets } from '../support-bundle/without-known-secrets.ts'
import { VERSION } from '../version.ts'
import { instant } from './instant.ts'

const MOST_RECEIPTS = 500
const PSEUDONYM_LENGTH = 12

interface BundleFile {
  readonly name: string
  readonly what: string
  readonly text: string
}

type Seen = Pick<Services, 'clients' | 'diagnostics' | 'health' | 'logLevels' | 'metrics'>

/** Everything that helps to find a fault, in one archive, and no secret. */
export function supportBundleApi(parts: ApiParts, seen: Seen): Services['supportBundle'] {
  const { clock, configuration } = parts
  return {
    make: async ({ anonymous }) => {
      const madeAt = clock.now()
      const secrets = new Set(secretsOf(configuration.snapshot.configuration).values())
      const files = (await bundleFiles(parts, seen, anonymous)).map(({ text, ...file }) => ({
        ...file,
        text: withoutKnownSecrets(text, secrets),
      }))
      const manifest = {
        product: `sallyport ${VERSION}`,
        madeAt: instant(madeAt),
        personalData: anonymous ? 'replaced by pseudonyms that hold for this bundle alone' : 'included',
        leftOut: ['shared secrets', 'passwords', 'private keys', 'tokens', 'users', 'the audit trail'],
        files: files.map(({ name, what, text }) => ({ name, octets: Buffer.byteLength(text), what })),
      }
      const all = [{ name: 'manifest.json', text: json(manifest) }, ...files]
      const folder = `sallyport-support-${instant(madeAt).slice(0, 19).replaceAll(':', '-')}`
      const entries = all.map(({ name, text }) => ({ name: `${folder}/${name}`, content: Buffer.from(text) }))
      return await promisify(gzip)(tarArchive(entries, madeAt))
    },
  }
}

async function bundleFiles(parts: ApiParts, seen: Seen, anonymous: boolean): Promise<BundleFile[]> {
  const { configuration, reader } = parts
  const versionsKept = await configuration.versions({ limit: 50 })
  const drops = await seen.diagnostics.drops()
  return [
    {
      name: 'versions.json',
      what: 'program, runtime, system, database and its migrations',
      text: json(await versions(reader)),
    },
    { name: 'health.json', what: 'state of every part', text: json(await seen.health.report()) },
    { name: 'sizes.json', what: 'rows, octets, memory', text: json(await sizes(reader)) },
    {
      name: 'configuration.yaml',
      what: 'the served configuration without secrets, users and group members',
      text: configurationText(parts),
    },
    {
      name: 'configuration-versions.json',
      what: 'when it changed; author and comment are left out with --anonymous',
      text: json(
        versionsKept.map(({ number, createdAt, author, comment }) => ({
          number,
          createdAt: instant(createdAt),
          ...(anonymous ? {} : { author, comment }),
        })),
      ),
    },
    { name: 'receipts.json', what: 'the latest decisions', text: await receiptsText(parts, anonymous) },
    {
      name: 'drops.json',
      what: 'packets without an answer, by sender and reason',
      text: json(anonymous ? drops.map(({ sentence: _, ...drop }) => drop) : drops),
    },
    { name: 'clients.json', what: 'RADIUS clients as seen at work', text: json(await seen.clients.list()) },
    { name: 'log-levels.json', what: 'log levels', text: json(await seen.logLevels.levels()) },
    { name: 'metrics.txt', what: 'the metrics of this moment', text: await seen.metrics.render() },
  ]
}

function configurationText({ configuration }: ApiParts): string {
  const document: object = withReferences(configuration.snapshot.configuration)
  return stringify(JSON.parse(jsonWithoutSecrets(document)), { lineWidth: 0, aliasDuplicateObjects: false })
}

async function receiptsText({ reader }: ApiParts, anonymous: boolean): Promise<string> {
  const { items } = await new ReceiptStore(reader).search({ limit: MOST_RECEIPTS })
  const key = randomBytes(32)
  const pseudonym = (text: string) => {
    const digest = createHmac('sha256', key).update(text.normalize('NFC').toLowerCase()).digest('hex')
    return `anonymous-${digest.slice(0, PSEUDONYM_LENGTH)}`
  }
  return json(
    items.map((receipt) =>
      anonymous
        ? anonymousReceipt(receipt, pseudonym)
        : { ...receipt, sentence: render(receipt.reason).sentence },
    ),
  )
}

function json(value: object): string {
  return `${JSON.stringify(JSON.parse(jsonWithoutSecrets(value)), null, 1)}\n`
}
