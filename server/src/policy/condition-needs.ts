import type { ASTNode } from '@marcbachmann/cel-js'
import { childrenOf, pathOf } from './condition-tree.ts'
import { isFactField } from './fact-types.ts'

/**
 * The facts (`certificate.issuer`) without which a condition can never be true. CEL reports an absent fact by throwing,
 * which costs more than all the rest of a decision; a rule whose needs are not met is passed over without evaluating it.
 * The list errs on the short side: what is not in it is found out by evaluation.
 */
export function needsOf(node: ASTNode): readonly string[] {
  return [...neededFor(true, node)]
}

function neededFor(result: boolean, node: ASTNode): Set<string> {
  if (node.op === '!_') return neededFor(!result, node.args)
  if (node.op !== '&&' && node.op !== '||') return read(node)
  const left = neededFor(result, node.args[0])
  const right = neededFor(result, node.args[1])
  // Both sides settle it together (`a && b` true), or one alone may do (`a || b` true).
  return (node.op === '&&') === result ? left.union(right) : left.intersection(right)
}

/** Macros, whose arguments after the receiver may never be looked at. */
const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind'])

/** Facts that are read whatever happens. */
function read(node: ASTNode): Set<string> {
  const [namespace = '', field] = pathOf(node)?.split('.') ?? []
  if (field !== undefined && isFactField(namespace, field)) return new Set([`${namespace}.${field}`])
  if (node.op === '&&' || node.op === '||') return new Set()
  if (node.op === '?:') return read(node.args[0])
  if (node.op === 'call' && node.args[0] === 'has') return new Set()
  const looked = node.op === 'rcall' && MACROS.has(node.args[0]) ? [node.args[1]] : childrenOf(node)
  return looked.reduce((all, child) => all.union(read(child)), new Set<string>())
}
