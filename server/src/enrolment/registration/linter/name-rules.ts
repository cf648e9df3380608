import { isNamePattern } from '../allowed-names.ts'
import { isForClients } from '../template-profile.ts'
import { refuse, type TemplateRule, warn } from './finding.ts'

/** Names somebody else chose, in a certificate that logs in. */
export const requestedNames: TemplateRule = (linted) => {
  const { template, profile } = linted
  if (template.names === 'account' || !isForClients(profile)) return []
  const isMailbox = template.allowedNames.some((name) => name.includes('@'))
  if (template.names === 'requested' && template.approval === 'none') {
    return refuse(
      linted,
      'names',
      'template-esc1',
      'ESC1: whoever asks would choose whom the certificate logs in. Set `approval: required`, or `names: account`.',
    )
  }
  if (template.names === 'requested') {
    return warn(
      linted,
      'names',
      'template-esc1-approved',
      'ESC1: the names come out of the request, and the certificate logs in: whoever approves it decides who somebody is. `names: account` needs no such care.',
    )
  }
  return isMailbox && template.approval === 'none'
    ? warn(
        linted,
        'allowedNames',
        'template-esc1-proved',
        'ESC1: whoever makes challenges for this template chooses the account the certificate logs in. Give those rights to nobody you would not give the passwords.',
      )
    : []
}

/** What may be held must be said, and be readable. */
export const allowedNames: TemplateRule = (linted) => {
  const { names, allowedNames: allowed } = linted.template
  const path = 'allowedNames'
  if (names === 'account') {
    return allowed.length === 0
      ? []
      : warn(
          linted,
          path,
          'template-names-unused',
          'Only with `names: proved` or `requested` it is looked at.',
        )
  }
  if (allowed.length === 0) {
    return linted.profile.subjectAltNames.includes('device-uri')
      ? []
      : refuse(
          linted,
          path,
          'template-no-names',
          'Empty: no name could be certified, and every request is refused.',
        )
  }
  return allowed.flatMap((name) => {
    if (!isNamePattern(name)) {
      const message = `'${name}' is no DNS name, no *.name, no address with or without a prefix length, and no *@name.`
      return refuse(linted, path, 'template-name-pattern', message)
    }
    return /^\*\.[^.]+$/.test(name)
      ? warn(linted, path, 'template-name-wide', `'${name}' is every name below a top-level domain.`)
      : []
  })
}

/** Without a name that leads to the account the certificate is worth nothing. */
export const telling: TemplateRule = (linted) => {
  const { profile, template } = linted
  if (template.names !== 'account' || profile.holder !== 'person' || !isForClients(profile)) return []
  const { subjectAltNames } = profile
  return subjectAltNames.includes('upn') || subjectAltNames.includes('email')
    ? []
    : warn(
        linted,
        'subjectAltNames',
        'template-no-login-name',
        'Without upn or email no login finds the account of the certificate.',
      )
}

/** KB5014754: what ties a certificate to its account in Active Directory. */
export const strongMapping: TemplateRule = (linted) => {
  const { template, profile, configuration } = linted
  if (template.names !== 'account' || !isForClients(profile) || profile.holder === 'server') return []
  if (template.sidExtension || profile.subjectAltNames.includes('sid-uri')) return []
  const isEverywhere = configuration.certificateTemplates.every(({ sidExtension }) => !sidExtension)
  return warn(
    linted,
    'sidExtension',
    'template-esc9',
    isEverywhere && configuration.certificateTemplates.length > 1
      ? 'ESC16: no template puts the security identifier of the account into certificates; a renamed account could use those of another.'
      : 'ESC9: without the security identifier of the account a renamed account could use the certificate of another. Leave `sidExtension` on, or add `sid-uri`.',
  )
}
