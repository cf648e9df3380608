import { isForClients } from '../template-profile.ts'
import { refuse, type TemplateRule, warn } from './finding.ts'

/** Groups everybody is in, as Windows calls them in English; others are known to whoever made them. */
const EVERYBODY: readonly string[] = [
  'everyone',
  'authenticated users',
  'domain users',
  'domain computers',
  'users',
]

export const nobodyEnrols: TemplateRule = (linted) => {
  const { template } = linted
  const byOthers: readonly string[] = ['request', 'pkcs12']
  const isByItself = template.protocols.some((protocol) => !byOthers.includes(protocol))
  if (template.enrol.groups.length > 0 || !isByItself || template.names !== 'account') return []
  if (linted.profile.holder === 'device') return []
  return warn(
    linted,
    'enrol/groups',
    'template-nobody',
    'Empty: nobody enrols by this template; only administrators give certificates by it.',
  )
}

/** Everybody may want a certificate of their own; one for servers or without end is another thing. */
export const everybodyEnrols: TemplateRule = (linted) => {
  const { template, profile } = linted
  const group = template.enrol.groups.find((name) => EVERYBODY.includes(name.toLowerCase()))
  if (group === undefined || template.approval === 'required') return []
  return profile.holder === 'server'
    ? warn(
        linted,
        'enrol/groups',
        'template-esc4-wide',
        `Every member of ${group} may stand in for a server of its name (what ESC4 attacks aim at). Take a group of those servers.`,
      )
    : []
}

/** Names that do not prove themselves weigh as much as the account that has them. */
export const weakMapping: TemplateRule = (linted) => {
  const { configuration, profile, template } = linted
  if (!isForClients(profile) || template.enrol.groups.length === 0) return []
  const isWeak = configuration.sources.find(
    (source) => 'certificateMapping' in source && source.certificateMapping === 'compatible',
  )
  if (isWeak === undefined || template.sidExtension) return []
  return warn(
    linted,
    'sidExtension',
    'template-esc10',
    `ESC10: source ${isWeak.name} takes the name in a certificate for the account (\`certificateMapping: compatible\`), and these certificates hold nothing stronger.`,
  )
}

/** A key that is only as good as its first proof. */
export const attestation: TemplateRule = (linted) => {
  const { keys, protocols } = linted.template
  return keys.attestation === 'required' && !protocols.includes('acme')
    ? refuse(
        linted,
        'keys/attestation',
        'template-attestation',
        'Keys are attested by ACME (device-attest-01) alone: add `acme` to `protocols`.',
      )
    : []
}

/** Whoever gets at a certificate's key has it for this long: a challenge or a group may be a password away. */
export const plainHttp: TemplateRule = (linted) => {
  const { configuration, profile, template } = linted
  const { httpUrl, httpsUrl } = configuration.enrolment
  if (httpUrl === undefined || httpsUrl !== undefined || !isForClients(profile)) return []
  const byPassword = template.protocols.filter((protocol) => protocol === 'est' || protocol === 'wstep')
  if (byPassword.length === 0 || template.enrol.groups.length === 0) return []
  return warn(
    linted,
    'protocols',
    'template-esc8',
    `ESC8/ESC11: ${byPassword.join(' and ')} prove accounts, which must not be relayed: they answer over TLS alone. Set \`enrolment.httpsUrl\`, so that clients are not sent to plain HTTP.`,
  )
}
