import type { DataType } from './data-type.ts'
import { type AttributeDefinition, define, type Hiding, type Vendor } from './definition.ts'
import { Dictionary } from './dictionary.ts'
import { DICTIONARY_TYPES } from './dictionary-types.ts'
import { RadiusError } from './error.ts'
import { isOnTheWire } from './path.ts'

/** Gives the text of a file, or undefined where there is none. Paths use `/` and never leave the first file's folder. */
export type ReadText = (path: string) => string | undefined

const DEEPEST_INCLUDE = 16
const MOST_FILES = 2000
const NONE: readonly string[] = []

/** Encryptions by the number FreeRADIUS gives them; 3 is Ascend's. */
const HIDINGS: ReadonlyMap<string, Hiding> = new Map([
  ['0', 'none'],
  ['1', 'user-password'],
  ['2', 'tunnel-password'],
  ['3', 'unsupported'],
])

/**
 * Reads the dictionary format of FreeRADIUS 3: `VENDOR`, `BEGIN-VENDOR`, `BEGIN-TLV`, `ATTRIBUTE` with dotted numbers and
 * flags, `VALUE`, `$INCLUDE`. Throws RadiusError `bad-dictionary` with file and line on the first thing that is wrong.
 * Attributes FreeRADIUS keeps for itself (numbers no packet can carry) are passed over.
 */
export function loadDictionary(path: string, read: ReadText): Dictionary {
  const loader = new Loader(read)
  loader.load(path, 0)
  return loader.finish()
}

type Building = Omit<AttributeDefinition, 'values'> & { values?: Record<string, number> }

class Loader {
  readonly #read: ReadText
  readonly #vendors = new Map<string, Vendor>()
  readonly #attributes = new Map<string, Building>()
  /** Names no packet can carry: known, so that their values are not an error. */
  readonly #internal = new Set<string>()
  /** Values may come before their attribute. */
  readonly #values: { attribute: string; name: string; value: number; fail: (why: string) => never }[] = []
  #files = 0

  constructor(read: ReadText) {
    this.#read = read
  }

  load(path: string, depth: number): void {
    const text = this.#read(path)
    if (text === undefined) throw bad(path, 0, 'no such file')
    if (++this.#files > MOST_FILES) throw bad(path, 0, `more than ${MOST_FILES} files`)
    new FileLoader(this, path, depth).lines(text)
  }

  include(
    from: string,
    target: string,
    isOptional: boolean,
    depth: number,
    fail: (why: string) => never,
  ): void {
    if (depth > DEEPEST_INCLUDE) fail(`$INCLUDE deeper than ${DEEPEST_INCLUDE}`)
    if (target.startsWith('/') || target.includes('\\') || target.split('/').includes('..')) {
      fail(`$INCLUDE ${target} leaves the folder`)
    }
    const path = from.includes('/') ? `${from.slice(0, from.lastIndexOf('/'))}/${target}` : target
    if (isOptional && this.#read(path) === undefined) return
    this.load(path, depth)
  }

  addVendor(vendor: Vendor): void {
    this.#vendors.set(vendor.name.toLowerCase(), vendor)
  }

  vendor(name: string): Vendor | undefined {
    return this.#vendors.get(name.toLowerCase())
  }

  addAttribute(attribute: Building): void {
    this.#attributes.set(attribute.name.toLowerCase(), attribute)
  }

  addInternal(name: string): void {
    this.#internal.add(name.toLowerCase())
  }

  attribute(name: string): AttributeDefinition | undefined {
    return this.#attributes.get(name.toLowerCase())
  }

  addValue(attribute: string, name: string, value: number, fail: (why: string) => never): void {
    this.#values.push({ attribute: attribute.toLowerCase(), name, value, fail })
  }

  finish(): Dictionary {
    for (const { attribute, name, value, fail } of this.#values) {
      const definition = this.#attributes.get(attribute)
      if (definition === undefined) {
        if (!this.#internal.has(attribute)) fail(`VALUE of unknown attribute ${attribute}`)
        continue
      }
      definition.values ??= {}
      definition.values[name] = value
    }
    return new Dictionary(this.#attributes.values(), this.#vendors.values())
  }
}

/** One file: the vendor and TLV blocks it stands in are its own, and must be closed in it. */
class FileLoader {
  readonly #loader: Loader
  readonly #path: string
  readonly #depth: number
  #line = 0
  #vendor: Vendor | undefined
  /** What the numbers of this place are below: `[26, 9]` inside a vendor, the path of the TLV inside one. */
  #parents: { path: readonly number[]; name: string }[] = []

  constructor(loader: Loader, path: string, depth: number) {
    this.#loader = loader
    this.#path = path
    this.#depth = depth
  }

  lines(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      this.#line++
      const words = line.replace(/#.*/, '').trim().split(/\s+/)
      if (words[0] !== '') this.#statement(words[0] as string, words.slice(1))
    }
    if (this.#parents.length > 0) this.#fail(`${this.#parents.at(-1)?.name} is not closed`)
  }

  #error(why: string): RadiusError {
    return bad(this.#path, this.#line, why)
  }

  #fail(why: string): never {
    throw this.#error(why)
  }

  #statement(keyword: string, words: readonly string[]): void {
    switch (keyword.toUpperCase()) {
      case '$INCLUDE':
      case '$INCLUDE-':
        this.#loader.include(
          this.#path,
          words[0] ?? '',
          keyword.endsWith('-'),
          this.#depth + 1,
          this.#failHere(),
        )
        return
      case 'VENDOR':
        this.#loader.addVendor(this.#readVendor(words))
        return
      case 'BEGIN-VENDOR':
        this.#beginVendor(words)
        return
      case 'BEGIN-TLV':
        this.#beginTlv(words[0] ?? '')
        return
      case 'END-VENDOR':
      case 'END-TLV':
        this.#end(words[0] ?? '')
        return
      case 'ATTRIBUTE':
        this.#attribute(words)
        return
      case 'VALUE': {
        const [attribute, name, number] = words
        if (attribute === undefined || name === undefined) throw this.#error('VALUE: attribute, name, number')
        this.#loader.addValue(attribute, name, this.#number(number), this.#failHere())
        return
      }
      default:
        this.#fail(`unknown keyword ${keyword}`)
    }
  }

  /** Fails with the line of now, also when called later. */
  #failHere(): (why: string) => never {
    const [path, line] = [this.#path, this.#line]
    return (why) => {
      throw bad(path, line, why)
    }
  }

  #number(text: string | undefined): number {
    if (text === undefined || !/^(\d+|0x[0-9a-f]+)$/i.test(text))
      return this.#fail(`'${text}' is not a number`)
    return Number(text)
  }

  #readVendor([name, number, format]: readonly string[]): Vendor {
    if (name === undefined) return this.#fail('VENDOR: name, number')
    const id = this.#number(number)
    const sizes = /^format=([124]),([012])(,c)?$/.exec(format ?? 'format=1,1')
    if (sizes === null) return this.#fail(`VENDOR ${name}: ${format}`)
    return {
      name,
      id,
      // The casts: the expression above matches these digits alone.
      typeSize: Number(sizes[1]) as Vendor['typeSize'],
      lengthSize: Number(sizes[2]) as Vendor['lengthSize'],
      continuation: sizes[3] !== undefined,
    }
  }

  #beginVendor([name = '', where]: readonly string[]): void {
    if (this.#vendor !== undefined) this.#fail(`BEGIN-VENDOR ${name} inside ${this.#vendor.name}`)
    const vendor = this.#loader.vendor(name) ?? this.#fail(`unknown vendor ${name}`)
    let container: readonly number[] = [26]
    if (where !== undefined) {
      const parent = /^(?:parent|format)=(.+)$/.exec(where)?.[1] ?? ''
      const definition = this.#loader.attribute(parent)
      if (definition?.type !== 'evs') throw this.#error(`BEGIN-VENDOR ${name}: ${where} is no evs`)
      container = definition.path
    }
    this.#vendor = vendor
    this.#parents.push({ path: [...container, vendor.id], name })
  }

  #beginTlv(name: string): void {
    const definition = this.#loader.attribute(name)
    if (definition?.type !== 'tlv') throw this.#error(`BEGIN-TLV ${name}: no such tlv`)
    this.#parents.push({ path: definition.path, name })
  }

  #end(name: string): void {
    const parent = this.#parents.pop()
    if (parent?.name.toLowerCase() !== name.toLowerCase()) this.#fail(`END of ${name}, which is not open`)
    if (this.#parents.length === 0) this.#vendor = undefined
  }

  #attribute(words: readonly string[]): void {
    const [name, oid, typeName, flags] = words
    if (name === undefined || oid === undefined || typeName === undefined) {
      throw this.#error('ATTRIBUTE: name, number, type')
    }
    const numbers = oid.split('.').map((part) => this.#number(part))
    const [type, length] = this.#type(typeName)
    const { vendor = this.#vendor, ...rest } = this.#flags(flags?.split(',') ?? NONE)
    if (rest.tagged === true && type !== 'uint32' && type !== 'text' && type !== 'octets') {
      throw this.#error(`${name}: a ${typeName} cannot have a tag`)
    }
    const parent = this.#parents.at(-1)?.path ?? (vendor === undefined ? [] : [26, vendor.id])
    const path = [...parent, ...numbers]
    if (!isOnTheWire(path, vendor)) {
      if (path.length > 1) throw this.#error(`${name}: number ${oid} does not fit`)
      this.#loader.addInternal(name)
      return
    }
    this.#loader.addAttribute(
      define<DataType>({
        name,
        path,
        type,
        ...(path.includes(26) && vendor !== undefined ? { vendor } : {}),
        ...(length === undefined ? {} : { length }),
        ...rest,
      }),
    )
  }

  #type(text: string): [DataType, number | undefined] {
    const parts = /^([a-z0-9-]+)(?:\[(\d+)\])?$/i.exec(text)
    const type = DICTIONARY_TYPES.get(parts?.[1]?.toLowerCase() ?? '')
    if (type === undefined) return this.#fail(`unknown type ${text}`)
    return [type, parts?.[2] === undefined ? undefined : Number(parts[2])]
  }

  #flags(flags: readonly string[]): Partial<AttributeDefinition> {
    const result: { -readonly [K in keyof AttributeDefinition]?: AttributeDefinition[K] } = {}
    for (const flag of flags) {
      const [key, value] = flag.split('=')
      if (key === 'has_tag') result.tagged = true
      else if (key === 'concat') result.concatenated = true
      else if (key === 'secret') result.secret = true
      else if (key === 'encrypt') {
        result.hiding = HIDINGS.get(value ?? '') ?? this.#fail(`unknown encryption ${value}`)
      } else if (key !== 'array' && key !== 'virtual') {
        // Old dictionaries name the vendor here.
        result.vendor = this.#loader.vendor(flag) ?? this.#fail(`unknown flag ${flag}`)
      }
    }
    return result
  }
}

function bad(path: string, line: number, why: string): RadiusError {
  return new RadiusError('bad-dictionary', `${path}:${line}: ${why}`, { path, line })
}
