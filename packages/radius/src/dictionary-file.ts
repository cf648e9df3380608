import type { DataType } from './data-type.ts'
import { type AttributeDefinition, define, type Hiding, type Vendor } from './definition.ts'
import type { DictionaryBuilder, Fail } from './dictionary-builder.ts'
import { DICTIONARY_TYPES } from './dictionary-types.ts'
import { RadiusError } from './error.ts'
import { isOnTheWire } from './path.ts'

const NONE: readonly string[] = []

/** Encryptions by the number FreeRADIUS gives them; 3 is Ascend's. */
const HIDINGS: ReadonlyMap<string, Hiding> = new Map([
  ['0', 'none'],
  ['1', 'user-password'],
  ['2', 'tunnel-password'],
  ['3', 'unsupported'],
])

/** Reads another file at the place of an `$INCLUDE`. */
export type Include = (target: string, isOptional: boolean, fail: Fail) => void

/** One file: the vendor and TLV blocks it stands in are its own, and must be closed in it. */
export class DictionaryFile {
  readonly #builder: DictionaryBuilder
  readonly #path: string
  readonly #include: Include
  #line = 0
  #vendor: Vendor | undefined
  /** What the numbers of this place are below: `[26, 9]` inside a vendor, the path of the TLV inside one. */
  #parents: { path: readonly number[]; name: string }[] = []

  constructor(builder: DictionaryBuilder, path: string, include: Include) {
    this.#builder = builder
    this.#path = path
    this.#include = include
  }

  read(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      this.#line++
      const words = line.replace(/#.*/, '').trim().split(/\s+/)
      if (words[0] !== '') this.#statement(words[0] as string, words.slice(1))
    }
    if (this.#parents.length > 0) this.#fail(`${this.#parents.at(-1)?.name} is not closed`)
  }

  #error(why: string): RadiusError {
    return badDictionary(this.#path, this.#line, why)
  }

  #fail(why: string): never {
    throw this.#error(why)
  }

  #statement(keyword: string, words: readonly string[]): void {
    switch (keyword.toUpperCase()) {
      case '$INCLUDE':
      case '$INCLUDE-':
        this.#include(words[0] ?? '', keyword.endsWith('-'), this.#failHere())
        return
      case 'VENDOR':
        this.#builder.addVendor(this.#readVendor(words))
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
        this.#builder.addValue(attribute, name, this.#number(number), this.#failHere())
        return
      }
      default:
        this.#fail(`unknown keyword ${keyword}`)
    }
  }

  /** Fails with the line of now, also when called later. */
  #failHere(): Fail {
    const [path, line] = [this.#path, this.#line]
    return (why) => {
      throw badDictionary(path, line, why)
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
    const vendor = this.#builder.vendor(name) ?? this.#fail(`unknown vendor ${name}`)
    let container: readonly number[] = [26]
    if (where !== undefined) {
      const parent = /^(?:parent|format)=(.+)$/.exec(where)?.[1] ?? ''
      const definition = this.#builder.attribute(parent)
      if (definition?.type !== 'evs') throw this.#error(`BEGIN-VENDOR ${name}: ${where} is no evs`)
      container = definition.path
    }
    this.#vendor = vendor
    this.#parents.push({ path: [...container, vendor.id], name })
  }

  #beginTlv(name: string): void {
    const definition = this.#builder.attribute(name)
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
      this.#builder.addInternal(name)
      return
    }
    this.#builder.addAttribute(
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
        result.vendor = this.#builder.vendor(flag) ?? this.#fail(`unknown flag ${flag}`)
      }
    }
    return result
  }
}

export function badDictionary(path: string, line: number, why: string): RadiusError {
  return new RadiusError('bad-dictionary', `${path}:${line}: ${why}`, { path, line })
}
