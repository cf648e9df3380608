import type { ClientError } from '../listeners/https/services.ts'
import { oneLine } from './table.ts'

/** What a code means, what the server saw, and what to do; the surest first. */
export function clientErrorLines(error: ClientError): string[] {
  const { code, system, meaning, causes, certainty, sentences, nextSteps, receipt } = error
  const lines = [`${code} (${system}): ${meaning}`]
  if (sentences.length > 0) lines.push('', 'What this server saw:', ...sentences.map(bullet))
  const steps = receipt === undefined ? nextSteps : [...nextSteps, `Run sallyport explain ${receipt}.`]
  if (steps.length > 0) lines.push('', 'Do this:', ...steps.map(bullet))
  lines.push('', certainty === 'documented' ? 'Usual causes:' : 'Usual causes (from experience):')
  for (const { cause, cure } of causes) lines.push(bullet(cause), `    ${oneLine(cure)}`)
  return lines
}

const bullet = (text: string): string => `  ${oneLine(text)}`
