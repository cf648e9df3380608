import type { ASTNode } from '@marcbachmann/cel-js'
import { pathOf } from './condition-tree.ts'
import { FACT_TYPES, type FactNamespace, isFactField } from './fact-types.ts'

/** A fact and a value it has, or a list it holds the value in, whenever the condition is true. */
export interface RuleKey {
  readonly path: string
  readonly value: string
}

/** Of the keys of one set at least one fits whenever the condition is true. */
export type KeySet = readonly RuleKey[]

/**
 * Sets of keys a condition cannot be true without: `client.name == "gw" && "Staff" in user.groups` has two sets of one key
 * each. None, where the condition may be true whatever a single fact is. What is no plain comparison with text gives no
 * key: an index may look at too many rules, never at too few.
 */
export function keySetsOf(node: ASTNode): readonly KeySet[] {
  switch (node.op) {
    case '&&':
      return [...keySetsOf(node.args[0]), ...keySetsOf(node.args[1])]
    case '||': {
      const [left] = keySetsOf(node.args[0])
      const [right] = keySetsOf(node.args[1])
      return left === undefined || right === undefined ? [] : [[...left, ...right]]
    }
    case '==':
      return equality(node.args[0], node.args[1]) ?? equality(node.args[1], node.args[0]) ?? []
    case 'in':
      return membership(node.args[0], node.args[1])
    default:
      return []
  }
}

function equality(fact: ASTNode, literal: ASTNode): readonly KeySet[] | undefined {
  const path = factOf(fact, 'string')
  const value = textOf(literal)
  return path === undefined || value === undefined ? undefined : [[{ path, value }]]
}

/** `"Staff" in user.groups`, or `client.name in ["a", "b"]`. */
function membership(element: ASTNode, list: ASTNode): readonly KeySet[] {
  const value = textOf(element)
  const path = factOf(list, 'list<string>')
  if (value !== undefined && path !== undefined) return [[{ path, value }]]
  const fact = factOf(element, 'string')
  if (fact === undefined || list.op !== 'list') return []
  const values = list.args.map(textOf)
  return values.every((text) => text !== undefined)
    ? [values.map((text) => ({ path: fact, value: text }))]
    : []
}

/** The path of a plain fact of that type: `client.name`, not `user.attributes.mail`. */
function factOf(node: ASTNode, type: 'string' | 'list<string>'): string | undefined {
  const path = pathOf(node)
  const [namespace = '', field = '', ...deeper] = path?.split('.') ?? []
  if (deeper.length > 0 || !isFactField(namespace, field)) return undefined
  const fields: Readonly<Record<string, string>> = FACT_TYPES[namespace as FactNamespace] // asked for right above
  return fields[field] === type ? path : undefined
}

function textOf(node: ASTNode): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined
}
