import type { Certificate } from '@sallyport/pki'
import type { ProfileInput } from '../profile-input.ts'
import { powershellOctets, powershellText, powershellTexts } from './powershell-text.ts'
import { FIND_CERTIFICATE, INSTALL_AUTHORITY, INVOKE_ELEVATED } from './script-prelude.ts'
import { thumbprint } from './thumbprint.ts'

/** Functions and steps by which a machine trusts the servers, and by which the person's certificate comes. */
export function trustSteps(input: ProfileInput): readonly string[] {
  const roots = distinct([...input.radiusServer.anchors, ...input.gatewayAnchors])
  return [
    ...INVOKE_ELEVATED,
    ...INSTALL_AUTHORITY,
    ...roots.flatMap((root) => install('Root', root)),
    ...distinct(input.intermediates).flatMap((authority) => install('CA', authority)),
  ]
}

function install(store: 'Root' | 'CA', certificate: Certificate): readonly string[] {
  const [first = '', ...rest] = powershellOctets(certificate.der)
  const closed = rest.with(-1, `${rest.at(-1) ?? ''})`)
  return [`Install-Authority '${store}' '${thumbprint(certificate)}' (${first}`, ...closed]
}

export function certificateSteps(input: ProfileInput): readonly string[] {
  const { certificate, connection } = input
  const isMachine = connection.kind !== 'vpn' && connection.identity === 'machine'
  const store = `Cert:\\${isMachine ? 'LocalMachine' : 'CurrentUser'}\\My`
  if (certificate?.kind === 'pkcs12') {
    return [
      `if (Test-Path -LiteralPath '${store}\\${thumbprint(certificate.certificate)}') { Write-Step 'The certificate is there already.' }`,
      'else {',
      '  $file = [IO.Path]::GetTempFileName()',
      '  try {',
      ...indented(assigned('$container', powershellOctets(certificate.container)), '    '),
      '    [IO.File]::WriteAllBytes($file, $container)',
      "    $password = if ($CertificatePassword -ne '') { ConvertTo-SecureString -String $CertificatePassword -AsPlainText -Force } else { Read-Host -Prompt 'Password of the certificate' -AsSecureString }",
      `    $null = Import-PfxCertificate -FilePath $file -CertStoreLocation '${store}' -Password $password`,
      "    Write-Step 'Certificate and key are in the store; the key does not leave it.'",
      '  }',
      '  finally { Remove-Item -LiteralPath $file -Force }',
      '}',
    ]
  }
  if (certificate?.kind === 'installed' && certificate.windowsEnrolment !== undefined) {
    const { policyUrl, template, authentication } = certificate.windowsEnrolment
    const credential = authentication === 'password' ? ' -Credential (Get-Credential)' : ''
    return [
      ...FIND_CERTIFICATE,
      `if ($null -ne (Find-Certificate '${store}' ${ownIssuers(input)})) { Write-Step 'The certificate is there already.' }`,
      'else {',
      `  $enrolled = Get-Certificate -Url ${powershellText(policyUrl)} -Template ${powershellText(template)} -CertStoreLocation '${store}'${credential}`,
      "  if ([string] $enrolled.Status -ne 'Issued') { throw ('The certificate was not issued: ' + $enrolled.Status) }",
      "  Write-Step 'A certificate was enrolled.'",
      '}',
    ]
  }
  return []
}

/** The password is told to the person apart from the file, which opens nothing alone; who deploys it can hand it over. */
export function certificateParameters({ certificate }: ProfileInput): readonly string[] {
  return certificate?.kind === 'pkcs12' ? ['param([string] $CertificatePassword)'] : []
}

/** Thumbprints of what may have issued the person's certificate. */
export function ownIssuers({ intermediates, radiusServer }: ProfileInput): string {
  return powershellTexts([...intermediates, ...radiusServer.anchors].map(thumbprint))
}

/** `$name = ` before the first line of an expression. */
export function assigned(variable: string, [first = '', ...rest]: readonly string[]): readonly string[] {
  return [`${variable} = ${first}`, ...rest]
}

export function indented(lines: readonly string[], indent: string): readonly string[] {
  return lines.map((line) => `${indent}${line}`)
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint, one])).values()]
}
