import { writeFileSync } from 'node:fs'
import { decodePem } from '@sallyport/pki'
import type { DomainPolicy as Script } from '../../enrolment/windows/domain-script/domain-policy.ts'
import { powershellScript } from '../../enrolment/windows/domain-script/powershell-script.ts'
import { UnquotableText } from '../../enrolment/windows/domain-script/quoting.ts'
import { sambaScript } from '../../enrolment/windows/domain-script/samba-script.ts'
import type { DomainPolicy } from '../../listeners/https/services.ts'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { messageOf, type Terminal } from '../terminal.ts'

const SCRIPTS = { windows: powershellScript, samba: sambaScript } as const

export const domain: Command = {
  name: 'domain',
  summary: 'Write the script that publishes our CA and auto-enrolment in a Windows domain',
  usage: 'script [--for windows | samba]',
  positionals: ['action'],
  flags: {
    for: { value: 'KIND', description: 'windows = PowerShell (default), samba = Python' },
    gpo: { value: 'NAME', description: 'name of the group policy object (default Sallyport enrolment)' },
    url: { value: 'URL', description: 'where clients ask for the policy, instead of enrolment.httpsUrl' },
    out: { value: 'FILE', description: 'write it there instead of to the screen' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'An administrator of the enterprise runs it: with -WhatIf (Samba: --dry-run) it only says what it would do.',
    'It publishes our roots and NTAuth entries, and makes and links a group policy: renew expired, update pending,',
    'remove revoked, update certificates that use templates; for computers and users. It may run again.',
    'Clients prove themselves by Kerberos where enrolment.windows.kerberos is set, else by name and password.',
  ].join('\n'),
  examples: [
    'sallyport domain script --out publish.ps1',
    'sallyport domain script --for samba --out publish.py',
  ],
  async run(input, terminal) {
    const [action] = input.positionals
    if (action !== 'script') throw usageError(`domain cannot "${action}". See: npx sallyport domain --help`)
    const kind = input.text('for') ?? 'windows'
    if (kind !== 'windows' && kind !== 'samba') throw usageError('--for is windows or samba.')
    const policy = await withApi(input, (api) => api.get<DomainPolicy>('/domain-policy'))
    return print(input, terminal, SCRIPTS[kind], scriptOf(policy, input))
  },
}

function print(
  input: Input,
  terminal: Terminal,
  script: (policy: Script) => string,
  policy: Script,
): ExitCode {
  const out = input.text('out')
  try {
    const text = script(policy)
    if (out === undefined) terminal.print(text)
    else {
      writeFileSync(out, text)
      terminal.print(`Wrote ${out}. Clients ask at ${policy.url}`)
    }
    return EXIT.ok
  } catch (error) {
    if (error instanceof UnquotableText) throw new CliError(error.message)
    throw new CliError(`${out} cannot be written: ${messageOf(error)}`)
  }
}

function scriptOf(policy: DomainPolicy, input: Input): Script {
  const { policyId, friendlyName, kerberosUrl, passwordUrl, roots, issuing } = policy
  const url = input.text('url') ?? kerberosUrl ?? passwordUrl
  if (url === undefined)
    throw new CliError('Windows is not answered: set enrolment.httpsUrl, and enrolment.windows.kerberos.')
  if (!URL.canParse(url) || !url.startsWith('https://')) throw usageError('--url is an address https://...')
  return {
    ...{ url, policyId, friendlyName },
    roots: decodePem('CERTIFICATE', roots),
    issuing: decodePem('CERTIFICATE', issuing),
    authentication: /_CEP_UsernamePassword\//i.test(url) ? 4 : 2,
    gpoName: input.text('gpo') ?? 'Sallyport enrolment',
  }
}
