import { type DomainPolicy, type RegistryValue, registryValues } from './domain-policy.ts'
import { powershellLiteral as quoted } from './quoting.ts'

/**
 * For a domain administrator, on a domain controller or a computer with RSAT. It may run again: what is there already stays.
 * @throws UnquotableText
 */
export function powershellScript(policy: DomainPolicy): string {
  return `#Requires -Version 5.1
#Requires -Modules ActiveDirectory, GroupPolicy
<#
Publishes the certification authorities of Sallyport in Active Directory and makes the group policy by which computers and
users enrol. Look first: .\\publish.ps1 -WhatIf    Needs an administrator of the enterprise. May run again.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $GpoName = ${quoted(policy.gpoName)},
    # Where the policy is linked; the whole domain where nothing is said.
    [string] $Target = (Get-ADDomain).DistinguishedName
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Publish-Authority([string] $Base64, [string] $Container) {
    $file = [IO.Path]::GetTempFileName()
    try {
        [IO.File]::WriteAllBytes($file, [Convert]::FromBase64String($Base64))
        if ($PSCmdlet.ShouldProcess($Container, 'certutil -dspublish')) {
            & certutil.exe -dspublish -f $file $Container
            if ($LASTEXITCODE -ne 0) { throw "certutil -dspublish $Container ended with $LASTEXITCODE" }
        }
    }
    finally { Remove-Item -LiteralPath $file -WhatIf:$false }
}

# Roots are trusted by all computers; the authorities that issue may name accounts (NTAuth).
${policy.roots.map((der) => `Publish-Authority ${base64(der)} 'RootCA'`).join('\n')}
${policy.issuing.flatMap((der) => [`Publish-Authority ${base64(der)} 'NTAuthCA'`, `Publish-Authority ${base64(der)} 'SubCA'`]).join('\n')}

$gpo = Get-GPO -Name $GpoName -ErrorAction SilentlyContinue
if ($null -eq $gpo -and $PSCmdlet.ShouldProcess($GpoName, 'New-GPO')) {
    $gpo = New-GPO -Name $GpoName
}

function Set-PolicyValue([string] $Key, [string] $Name, [string] $Type, $Value) {
    foreach ($hive in 'HKLM', 'HKCU') {
        if ($PSCmdlet.ShouldProcess("$hive\\$Key $Name", 'Set-GPRegistryValue')) {
            $null = Set-GPRegistryValue -Name $GpoName -Key "$hive\\$Key" -ValueName $Name -Type $Type -Value $Value
        }
    }
}

# Renew expired, update pending, remove revoked, update certificates that use templates; and where the policy is.
${registryValues(policy).map(line).join('\n')}

if ($PSCmdlet.ShouldProcess($Target, 'New-GPLink')) {
    $links = (Get-GPInheritance -Target $Target).GpoLinks
    if ($null -eq ($links | Where-Object { $_.GpoId -eq $gpo.Id })) {
        $null = New-GPLink -Guid $gpo.Id -Target $Target -LinkEnabled Yes
    }
}
`.replaceAll('\n', '\r\n')
}

function line({ key, name, type, value }: RegistryValue): string {
  const kind = type === 'REG_SZ' ? 'String' : 'DWord'
  const written = typeof value === 'string' ? quoted(value) : `${value}`
  return `Set-PolicyValue ${quoted(key)} ${quoted(name)} '${kind}' ${written}`
}

function base64(der: Uint8Array): string {
  return `'${Buffer.from(der).toString('base64')}'`
}
