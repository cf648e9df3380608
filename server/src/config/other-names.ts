/** What other programs call a setting or a value of ours, for administrators who know those. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  ...all(['url', 'uri', 'host', 'hosts', 'hostname', 'address'], 'servers'),
  ...all(['base', 'searchbase', 'basedn', 'userbase'], 'baseDn'),
  ...all(['binduser', 'username', 'user', 'identity', 'rootdn'], 'bindDn'),
  ...all(['password', 'bindpw', 'rootpw', 'bindcredentials'], 'bindPassword'),
  ...all(['ca', 'cafile', 'cacert', 'certificate', 'certificates', 'tlsca'], 'authorities'),
  ...all(['filter', 'searchfilter'], 'userFilter'),
  ...all(['group', 'groupfilter', 'requiredgroup'], 'groupDn'),
  ...all(['tls', 'ssl', 'usetls'], 'startTls'),
  ...all(['timeout', 'deadline'], 'deadlineMilliseconds'),
  ...all(['activedirectory', 'ad', 'samba', 'msad'], 'ldap', 'active-directory'),
  ...all(['openldap', '389ds', 'freeipa', 'ipa', 'slapd'], 'ldap', 'generic'),
  ...all(['ntlm', 'ntlmauth', 'mschap'], 'winbind'),
  ...all(['freeradius', 'nps', 'ise'], 'radius'),
}

/** The first of the known words that another program's word stands for. */
export function ourName(word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (!Object.hasOwn(OTHER_NAMES, plain)) return undefined
  return OTHER_NAMES[plain]?.find((name) => known.includes(name))
}

function all(words: readonly string[], ...ours: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(words.map((word) => [word, ours]))
}
