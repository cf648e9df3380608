import type { BindAnswer, Directory, SearchAnswer, UserAnswer } from '../ldap/directory.ts'
import type { Asked, SourceStates } from './source-states.ts'

/** A directory whose answers tell the state of its source. A cache in front of it tells nothing. */
export function watchDirectory(directory: Directory, source: string, states: SourceStates): Directory {
  states.of(source).servers = () => directory.state.servers
  return new Proxy(directory, {
    get(target, property) {
      if (property === 'search') {
        return (...query: Parameters<Directory['search']>) =>
          states.watch(source, () => target.search(...query), asked)
      }
      if (property === 'bind') {
        return (...proof: Parameters<Directory['bind']>) =>
          states.watch(source, () => target.bind(...proof), asked)
      }
      if (property === 'asUser') {
        return (...proof: Parameters<Directory['asUser']>) =>
          states.watch(source, () => target.asUser(...proof), asked)
      }
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function asked(answer: SearchAnswer | BindAnswer | UserAnswer<unknown>): Asked {
  if (answer.kind !== 'unavailable' || answer.isUnasked === true) return { answered: true }
  return { answered: false, why: answer.why, servers: answer.servers }
}
