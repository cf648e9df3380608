/** Reads a configuration profile as a device does, with what Debian has: openssl takes the signature off, plistlib of Python the rest. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './process.ts'

/** Integers are numbers, data is Buffer. */
export type PlistNode = string | number | boolean | Buffer | readonly PlistNode[] | PlistTable
export interface PlistTable {
  readonly [key: string]: PlistNode
}

const TO_JSON = `
import base64, json, plistlib, sys
def plain(node):
    if isinstance(node, bytes):
        return {'base64 of data': base64.b64encode(node).decode()}
    if isinstance(node, dict):
        return {key: plain(member) for key, member in node.items()}
    return [plain(member) for member in node] if isinstance(node, list) else node
json.dump(plain(plistlib.load(open(sys.argv[1], 'rb'))), sys.stdout)
`

export class MobileConfig {
  readonly profile: PlistTable

  constructor(profile: PlistTable) {
    this.profile = profile
  }

  /** @param root PEM file the signature must lead to. @throws Error with what openssl or Python said */
  static async open(file: string, root: string, folder: string): Promise<MobileConfig> {
    const xml = join(folder, 'opened.plist')
    const args = ['cms', '-verify', '-inform', 'DER', '-in', file, '-CAfile', root, '-binary', '-out', xml]
    const verified = await runToEnd('openssl', args)
    if (verified.code !== 0) throw new Error(verified.output)
    const { code, stdout, output } = await runToEnd('python3', ['-c', TO_JSON, xml])
    if (code !== 0) throw new Error(output)
    return new MobileConfig(JSON.parse(stdout, revived) as PlistTable)
  }

  /** Of this type, in their order. */
  payloads(type: string): readonly PlistTable[] {
    const all = this.profile.PayloadContent as readonly PlistTable[]
    return all.filter(({ PayloadType }) => PayloadType === type)
  }

  /** The payload others name by its UUID. @throws Error where there is none */
  payload(uuid: PlistNode | undefined): PlistTable {
    const all = this.profile.PayloadContent as readonly PlistTable[]
    const found = all.find(({ PayloadUUID }) => PayloadUUID === uuid)
    if (found === undefined) throw new Error(`no payload ${String(uuid)}`)
    return found
  }

  /** Certificates of payloads as one PEM file. */
  writeCertificates(file: string, payloads: readonly PlistTable[]): string {
    const pem = payloads.map(({ PayloadContent }) => {
      const lines = (PayloadContent as Buffer).toString('base64').replace(/.{1,64}/g, '$&\n')
      return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`
    })
    writeFileSync(file, pem.join(''))
    return file
  }
}

function revived(_key: string, value: unknown): unknown {
  const data = (value as { readonly 'base64 of data'?: string } | null)?.['base64 of data']
  return typeof data === 'string' ? Buffer.from(data, 'base64') : value
}
