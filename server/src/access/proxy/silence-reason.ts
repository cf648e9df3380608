import { type Reason, reason } from '../../reasons/index.ts'
import type { GroupAnswer } from './upstreams.ts'

type Silence = Extract<GroupAnswer, { kind: 'silent' }>

const WORDS = {
  timeout: 'no answer',
  invalid: 'bad answer',
  unreachable: 'not reachable',
  full: 'too many requests on the way',
  removed: 'removed from the configuration',
} as const

/** Why nobody of a group answered. A bad answer says more than silence, so it is what is told. */
export function silenceReason(group: string, { tried }: Silence): Reason {
  if (tried.length === 0) return reason('upstreams-dead', { group })
  const invalid = tried.find(({ answer }) => answer.why === 'invalid')
  if (invalid !== undefined) {
    const { upstream, answer } = invalid
    return reason('upstream-reply-invalid', { upstream, detail: detailOf(answer.detail) })
  }
  const detail = tried.find(({ answer }) => answer.detail !== undefined)?.answer.detail
  return reason('upstream-silent', {
    group,
    tried: tried.map(({ upstream, answer }) => `${upstream}: ${WORDS[answer.why]}`),
    detail,
  })
}

/** The same in half a sentence, for a source that could not answer. */
export function silenceWords(group: string, silence: Silence): string {
  const { code, values } = silenceReason(group, silence)
  if (code === 'upstream-silent') return values.tried.join(', ')
  if (code === 'upstream-reply-invalid') return `${values.upstream}: bad answer, ${values.detail}`
  return `all upstreams of group "${group}" are dead`
}

const DETAILS: Readonly<Record<string, string>> = {
  'response-authenticator-invalid':
    'its authenticator does not fit the shared secret (another secret, or changed on the way)',
  'message-authenticator-invalid': 'its Message-Authenticator does not fit the shared secret',
  'message-authenticator-missing': 'it has no Message-Authenticator',
  'eap-without-message-authenticator': 'it carries EAP without a Message-Authenticator',
  'unexpected-code': 'its code is no answer to this request',
}

function detailOf(code: string | undefined): string {
  return DETAILS[code ?? ''] ?? code ?? 'it does not verify'
}
