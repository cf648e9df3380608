/** A process and everything that came from it, also what made process groups of its own (smbd and winbindd of Samba do). */
import { readdirSync, readFileSync } from 'node:fs'

/** The process first. */
export function processTree(pid: number): readonly number[] {
  const children = Map.groupBy(processes(), ({ parent }) => parent)
  const tree = [pid]
  for (const each of tree) tree.push(...(children.get(each) ?? []).map((child) => child.pid))
  return tree
}

/** Programs of a folder that were started with this argument, whoever their parent is by now. */
export function programsWith(folder: string, argument: string): readonly number[] {
  return processes().flatMap(({ pid }) => {
    try {
      const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return program.startsWith(folder) && args.includes(argument) ? [pid] : []
    } catch {
      return []
    }
  })
}

/** To those of them that still are there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended already.
    }
  }
}

function processes(): readonly { readonly pid: number; readonly parent: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // proc(5): the name is in parentheses and may hold anything; state and parent follow.
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return [{ pid: Number(name), parent: Number(parent) }]
      } catch {
        return []
      }
    })
}
