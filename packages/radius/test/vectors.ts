import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex } from '@sallyport/bytes'

/** One case of a vector file: the lines between one `name` and the next. */
export interface Vector {
  readonly file: string
  readonly name: string
  readonly secret: string
  /** The datagram, and the request it answers. */
  readonly datagram: Uint8Array
  readonly replyTo: Uint8Array | undefined
  readonly isLegacy: boolean
  readonly expectations: readonly string[]
}

/** A header for cases that are about attributes alone: Access-Request 7 with the authenticator 00 01 ... 0f. */
function packetAround(attributes: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + attributes.length)
  packet.set([1, 7, packet.length >>> 8, packet.length & 0xff])
  for (let i = 0; i < 16; i++) packet[4 + i] = i
  packet.set(attributes, 20)
  return packet
}

interface Draft {
  name: string
  secret: string | undefined
  inspect: string
  attribute: string | undefined
  replyTo: string | undefined
  isLegacy: boolean
  expectations: string[]
}

/** Reads one file. Throws where a line is not understood or the file has fewer cases than its `count` says. */
export function readVectors(path: string): Vector[] {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const vectors: Vector[] = []
  let fileSecret = 'testing123'
  let draft: Draft | undefined
  let hexInto: 'inspect' | 'attribute' | 'replyTo' | undefined
  let count: number | undefined
  const finish = (): void => {
    if (draft === undefined) return
    if (draft.expectations.length === 0) throw new Error(`${file}: '${draft.name}' expects nothing`)
    const octets =
      draft.attribute === undefined
        ? fromHex(draft.inspect.replace('-', ''))
        : packetAround(fromHex(draft.attribute))
    vectors.push({
      file,
      name: draft.name,
      secret: draft.secret ?? fileSecret,
      datagram: octets,
      replyTo: draft.replyTo === undefined ? undefined : fromHex(draft.replyTo),
      isLegacy: draft.isLegacy,
      expectations: draft.expectations,
    })
    draft = undefined
  }
  for (const [index, whole] of readFileSync(path, 'utf8').split('\n').entries()) {
    const line = whole.replace(/(^|\s)#.*$/, '')
    if (line.trim() === '') continue
    if (/^\s/.test(line)) {
      if (draft === undefined || hexInto === undefined)
        throw new Error(`${file}:${index + 1}: nothing to go on with`)
      draft[hexInto] += line
      continue
    }
    hexInto = undefined
    const [, keyword, rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) as RegExpExecArray
    if (keyword === 'name') {
      finish()
      const [, name, kind, hex] = /^(.*?)(?:\s+(inspect|attribute)\s+([0-9a-f\s-]+))?$/.exec(
        rest,
      ) as RegExpExecArray
      draft = {
        name: name as string,
        secret: undefined,
        inspect: kind === 'inspect' ? (hex as string) : '',
        attribute: kind === 'attribute' ? hex : undefined,
        replyTo: undefined,
        isLegacy: false,
        expectations: [],
      }
    } else if (keyword === 'count') {
      finish()
      count = Number(rest)
    } else if (keyword === 'secret' && draft === undefined) fileSecret = rest
    else if (draft === undefined) throw new Error(`${file}:${index + 1}: ${keyword} before the first name`)
    else if (keyword === 'secret') draft.secret = rest
    else if (keyword === 'inspect') {
      draft.inspect = rest
      hexInto = 'inspect'
    } else if (keyword === 'reply-to') {
      draft.replyTo = rest
      hexInto = 'replyTo'
    } else if (keyword === 'rules' && rest === 'legacy') draft.isLegacy = true
    else if (keyword === 'expect') draft.expectations.push(rest)
    else throw new Error(`${file}:${index + 1}: unknown line '${line}'`)
  }
  if (count === undefined) throw new Error(`${file}: says no count`)
  if (vectors.length < count) throw new Error(`${file}: ${vectors.length} cases, ${count} expected`)
  return vectors
}

/** Every vector of the package; they also are what the property tests and the fuzzer start from. */
export function allVectors(): Vector[] {
  const folder = join(import.meta.dirname, 'vectors')
  const vectors = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => readVectors(join(folder, file)))
  if (vectors.length < 70) throw new Error(`only ${vectors.length} vectors`)
  return vectors
}
