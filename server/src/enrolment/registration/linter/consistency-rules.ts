import { BUILT_IN_TEMPLATE } from '../built-in-template.ts'
import { profileOf } from '../template-profile.ts'
import { refuse, type TemplateRule, warn } from './finding.ts'

export const reservedName: TemplateRule = (linted) =>
  linted.template.name.toLowerCase() === BUILT_IN_TEMPLATE
    ? refuse(linted, 'name', 'name-reserved', 'The template that is always there has this name.')
    : []

export const renewalWindow: TemplateRule = (linted) => {
  const { renewalDays, validityDays } = linted.template
  return renewalDays >= validityDays
    ? refuse(
        linted,
        'renewalDays',
        'template-renewal',
        `A certificate of ${validityDays} days would be renewed all the time: less than validityDays.`,
      )
    : []
}

export const knownSources: TemplateRule = (linted) => {
  const known = linted.configuration.sources.map(({ name }) => name)
  return linted.template.enrol.sources
    .filter((name) => !known.includes(name))
    .flatMap((name) => refuse(linted, 'enrol/sources', 'unknown-source', `There is no source '${name}'.`))
}

export const knownTemplates: TemplateRule = (linted) => {
  const { name: own, supersedes } = linted.template
  const all = linted.configuration.certificateTemplates
  return supersedes.flatMap((name) => {
    if (name === own)
      return refuse(linted, 'supersedes', 'template-supersedes-itself', 'It is this very one.')
    const other = all.find((one) => one.name === name)
    // One that is gone may still have certificates out there.
    if (other === undefined) {
      const message = `There is no template '${name}' any more; its certificates are replaced all the same.`
      return warn(linted, 'supersedes', 'template-supersedes-unknown', message)
    }
    return other.supersedes.includes(own)
      ? refuse(linted, 'supersedes', 'template-supersedes-circle', `'${name}' supersedes this one.`)
      : []
  })
}

export const ownOid: TemplateRule = (linted) => {
  const { template, profile, configuration } = linted
  const other = configuration.certificateTemplates.find(
    (one) => one !== template && profileOf(one).oid === profile.oid,
  )
  return other === undefined || template.oid === undefined
    ? []
    : refuse(linted, 'oid', 'template-oid-taken', `The template '${other.name}' has this OID.`)
}
