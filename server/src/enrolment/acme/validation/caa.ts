import { ChallengeFault } from './fault.ts'
import type { NameLookup } from './name-lookup.ts'

/** RFC 8659: whether a domain that says who may certify it names us. Looked up from the name towards the root. */
export async function checkCaa(
  domain: string,
  wildcard: boolean,
  issuer: string,
  lookup: NameLookup,
): Promise<void> {
  const labels = domain.split('.')
  for (let at = 0; at < labels.length; at++) {
    const name = labels.slice(at).join('.')
    const records = await lookup.caa(name)
    if (records.length === 0) continue
    const wild = records.filter((record) => record.issuewild !== undefined)
    const issue = records.filter((record) => record.issue !== undefined)
    const relevant =
      wildcard && wild.length > 0
        ? wild.map((record) => record.issuewild)
        : issue.map((record) => record.issue)
    const unknown = records.some(
      (record) => record.critical > 127 && !('issue' in record || 'issuewild' in record || 'iodef' in record),
    )
    if (unknown)
      throw new ChallengeFault('caa', `${name} has a critical CAA record nobody here understands`, false)
    if (relevant.length === 0 || relevant.some((value) => allows(value, issuer))) return
    throw new ChallengeFault('caa', `the CAA records of ${name} do not name ${issuer}`, false)
  }
}

/** `ca.example.org; accounturi=...`: the name stands before the parameters. */
function allows(value: string | undefined, issuer: string): boolean {
  return (value ?? '').split(';')[0]?.trim().toLowerCase() === issuer.toLowerCase()
}
