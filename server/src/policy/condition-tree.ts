import type { ASTNode } from '@marcbachmann/cel-js'
import { isFactField } from './fact-types.ts'

/** The operands of a node, in reading order; a macro's iteration variable is none. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

/** `user.attributes["mail"]` -> `user.attributes.mail`; undefined for anything that is not a plain path to a fact. */
export function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  if (node.op === '.') {
    const left = pathOf(node.args[0])
    return left === undefined ? undefined : `${left}.${node.args[1]}`
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const left = pathOf(node.args[0])
    return left === undefined ? undefined : `${left}.${node.args[1].args}`
  }
  return undefined
}

/** The longest fact paths a condition reads, each once, in reading order. */
export function readsOf(node: ASTNode): readonly string[] {
  const paths = new Set<string>()
  collect(node, paths)
  return [...paths]
}

function collect(node: ASTNode, paths: Set<string>): void {
  const path = pathOf(node)
  if (path !== undefined && isFact(path)) {
    paths.add(path)
    return
  }
  for (const child of childrenOf(node)) collect(child, paths)
}

/** A macro's own variable (`g` in `user.groups.exists(g, ...)`) is no fact. */
function isFact(path: string): boolean {
  const [namespace = '', field] = path.split('.')
  return namespace === 'door' || (field !== undefined && isFactField(namespace, field))
}
