import type { Problem } from '../../config/problem.ts'
import type { Configuration } from '../../config/schema.ts'

/** MAC authentication takes a client that recognises it and a rule that lists it; one without the other does nothing. */
export function checkMacAuthentication({ clients, rules }: Configuration): readonly Problem[] {
  const recognising = clients.filter(({ macAuthentication }) => macAuthentication.recognise !== 'off')
  const accepting = rules.filter(
    ({ effect, methods }) => effect === 'accept' && methods.outer?.includes('mab'),
  )
  if (recognising.length === 0) {
    return accepting.map(({ name }) => {
      const message =
        'The rule lists mab, but no client has macAuthentication: no request is recognised as such.'
      return warning(`rules/${name}/methods`, 'mab-without-client', message)
    })
  }
  if (accepting.length > 0) return []
  return recognising.map(({ name }) => {
    const message = 'The client does MAC authentication, but no rule that accepts lists mab in methods.outer.'
    return warning(`clients/${name}/macAuthentication`, 'mab-without-rule', message)
  })
}

function warning(path: string, code: string, message: string): Problem {
  return { path, severity: 'warning', code, message }
}
