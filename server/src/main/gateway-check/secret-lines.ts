import { rotationOf } from '../../access/clients/secret-rotation.ts'
import { ago, type CheckLine, latest, ok, problem, times, warning } from './check-line.ts'
import type { GatewaySeen } from './seen.ts'

/** What a secret that differs looks like: with Message-Authenticator, in accounting, and in a password of PAP. */
const WRONG_SECRET: readonly string[] = ['wrong-secret', 'message-authenticator-invalid']

export function secretLines(seen: GatewaySeen): readonly CheckLine[] {
  return [secretLine(seen), ...rotationLine(seen), messageAuthenticatorLine(seen)]
}

function secretLine({ drops, sources, input, now }: GatewaySeen): CheckLine {
  const wrong = drops.filter(({ code }) => WRONG_SECRET.includes(code))
  const proved = latest(
    sources.flatMap(({ uses }) =>
      uses.filter(({ secret_mark }) => secret_mark !== '').map(({ last_used_at }) => last_used_at),
    ),
  )
  const last = latest(wrong.map(({ lastSeenAt }) => lastSeenAt))
  const packets = wrong.reduce((sum, drop) => sum + drop.packets, 0)
  const from = [...new Set(wrong.map(({ address }) => address))].join(', ')
  const nextStep = `Put the secret of client ${input.client.name} on the gateway again, for logins and for accounting: sallyport gateways make ${input.gateway.name}.`
  if (packets > 0 && last >= proved) {
    return problem(
      'secret',
      `A wrong secret was used ${times(packets)}, last ${ago(last, now)}, from ${from}.`,
      nextStep,
    )
  }
  if (packets > 0) {
    return warning(
      'secret',
      `The secret is right: proved ${ago(proved, now)}. A wrong one was used ${times(packets)}, last ${ago(last, now)}, from ${from}.`,
      `One of its ports or nodes may still have another secret. ${nextStep}`,
    )
  }
  if (proved > 0) return ok('secret', `The secret is right: proved ${ago(proved, now)}.`)
  if (sources.length === 0)
    return warning('secret', 'Nothing has proved the secret yet.', 'Log in through the gateway once.')
  return warning(
    'secret',
    'Its requests prove no secret: they carry no Message-Authenticator.',
    'Let the gateway send Message-Authenticator.',
  )
}

/** While two secrets are valid: which one each address uses. */
function rotationLine({ input, sources, marks, now }: GatewaySeen): CheckLine[] {
  if (marks.next === undefined) return []
  const { addresses } = rotationOf(sources, { old: marks.current, new: marks.next }, 0, now)
  const named = (state: string) =>
    addresses.filter((each) => each.state === state).map(({ address }) => address)
  const old = [...named('old'), ...named('untold')]
  if (addresses.length > 0 && old.length === 0) {
    return [ok('rotation', 'It uses the new secret. Drop the old one: sallyport clients finish.')]
  }
  return [
    warning(
      'rotation',
      addresses.length === 0
        ? 'The secret is being changed; nothing was seen of it.'
        : `The secret is being changed; not proved to use the new one: ${old.join(', ')}.`,
      `Put the new settings on it: sallyport gateways make ${input.gateway.name}. They hold the new secret.`,
    ),
  ]
}

function messageAuthenticatorLine({ input, sources, drops, now }: GatewaySeen): CheckLine {
  const item = 'message-authenticator'
  const dropped = drops.find(({ code }) => code === 'message-authenticator-missing')
  const unsigned = sources.reduce((sum, source) => sum + source.unsigned, 0)
  const signed = sources.reduce((sum, source) => sum + source.signed, 0)
  const nextStep =
    'Switch Message-Authenticator on at the gateway (with EAP every device sends it), or update its firmware: without it logins can be forged (CVE-2024-3596).'
  const lastSigned = latest(
    sources.filter((source) => source.signed > 0).map((source) => source.last_seen_at),
  )
  if (dropped !== undefined && dropped.lastSeenAt >= lastSigned) {
    return problem(
      item,
      `${String(dropped.packets)} login requests came without Message-Authenticator and got no answer, last ${ago(dropped.lastSeenAt, now)}.`,
      `${nextStep} Until then, and only if you must: requireMessageAuthenticator: false for client ${input.client.name}.`,
    )
  }
  if (unsigned > 0 || dropped !== undefined) {
    const lastUnsigned = latest([
      ...sources.map(({ last_unsigned_at }) => last_unsigned_at ?? 0),
      dropped?.lastSeenAt ?? 0,
    ])
    const count = unsigned + (dropped?.packets ?? 0)
    return warning(
      item,
      `${String(count)} of ${String(count + signed)} login requests came without Message-Authenticator, last ${ago(lastUnsigned, now)}.`,
      nextStep,
    )
  }
  if (signed === 0) return warning(item, 'No login request was seen yet.', 'Log in through the gateway once.')
  return ok(item, `All ${String(signed)} login requests carried Message-Authenticator.`)
}
