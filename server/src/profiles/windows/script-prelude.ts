/** What every script begins with: stop at the first thing that fails, say what was done, end with a number that means something. */
export const PRELUDE: readonly string[] = [
  'Set-StrictMode -Version Latest',
  "$ErrorActionPreference = 'Stop'",
  "trap { Write-Host ('FAILED: ' + $_.Exception.Message + ' (line ' + $_.InvocationInfo.ScriptLineNumber + ')'); exit 1 }",
  "function Write-Step([string] $Text) { Write-Host ('- ' + $Text) }",
  '$identity = [Security.Principal.WindowsIdentity]::GetCurrent()',
  '$elevated = ([Security.Principal.WindowsPrincipal] $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)',
  '$restart = $false',
]

/** The end of a script; 3010 is what installers say where Windows has to start anew. */
export const FINISH: readonly string[] = [
  "if ($restart) { Write-Host 'Done. Restart Windows once.'; exit 3010 }",
  "Write-Host 'Done.'",
  'exit 0',
]

export const NEEDS_ELEVATION: readonly string[] = [
  "if (-not $elevated) { Write-Host 'Start this as administrator.'; exit 2 }",
]

/** Runs one program with the rights of an administrator; Windows asks for consent where the script has them not. */
export const INVOKE_ELEVATED: readonly string[] = [
  'function Invoke-Elevated([string] $Program, [string] $Arguments) {',
  "  $start = @{ FilePath = $Program; ArgumentList = $Arguments; Wait = $true; PassThru = $true; WindowStyle = 'Hidden' }",
  "  if (-not $elevated) { $start.Verb = 'RunAs' }",
  '  $code = (Start-Process @start).ExitCode',
  "  if ($code -ne 0) { throw ($Program + ' ended with ' + $code) }",
  '}',
]

/**
 * IKEv2, SSTP and L2TP hold the certificate of the gateway to the roots of the machine, not to those of the person. Only the
 * import is elevated: a script that runs as another administrator would make the connection for that one.
 */
export const INSTALL_AUTHORITY: readonly string[] = [
  'function Install-Authority([string] $Store, [string] $Thumbprint, [byte[]] $Der) {',
  // What only completes a chain does so in the person's own store, too, and that takes no consent.
  "  $place = if ($elevated -or $Store -eq 'Root') { 'LocalMachine' } else { 'CurrentUser' }",
  "  if (Test-Path -LiteralPath ('Cert:\\' + $place + '\\' + $Store + '\\' + $Thumbprint)) {",
  "    Write-Step ('Authority ' + $Thumbprint + ' is there already.')",
  '    return',
  '  }',
  '  $file = [IO.Path]::GetTempFileName()',
  '  try {',
  '    [IO.File]::WriteAllBytes($file, $Der)',
  "    if ($place -eq 'LocalMachine') { Invoke-Elevated 'certutil.exe' ('-f -addstore ' + $Store + ' \"' + $file + '\"') }",
  '    else {',
  '      & certutil.exe -user -f -addstore $Store $file | Out-Null',
  "      if ($LASTEXITCODE -ne 0) { throw ('certutil ended with ' + $LASTEXITCODE) }",
  '    }',
  "    Write-Step ('Authority ' + $Thumbprint + ' is in store ' + $Store + ' of ' + $place + '.')",
  '  }',
  '  finally { Remove-Item -LiteralPath $file -Force }',
  '}',
]

export const REMOVE_CONNECTION: readonly string[] = [
  'function Remove-Connection([string] $Name, [bool] $AllUsers) {',
  '  $which = @{ Name = $Name }',
  '  if ($AllUsers) { $which.AllUserConnection = $true }',
  '  $old = Get-VpnConnection @which -ErrorAction SilentlyContinue',
  '  if ($null -eq $old) { return }',
  "  if ($old.ConnectionStatus -ne 'Disconnected') { & rasdial.exe $Name /disconnect | Out-Null }",
  '  Remove-VpnConnection @which -Force',
  "  Write-Step ('Removed the former connection ' + $Name + '.')",
  '}',
]

/** Some settings have no parameter of a cmdlet; the phone book has them. Other entries stay as they are. */
export const SET_PHONE_BOOK: readonly string[] = [
  'function Set-PhoneBook([string] $Book, [string] $Name, [hashtable] $Values) {',
  '  $inside = $false',
  '  $lines = foreach ($line in [IO.File]::ReadAllLines($Book)) {',
  "    if ($line.StartsWith('[') -and $line.EndsWith(']')) { $inside = $line -ceq ('[' + $Name + ']') }",
  "    $key = $line.Split('=')[0]",
  "    if ($inside -and $Values.ContainsKey($key)) { $key + '=' + $Values[$key] } else { $line }",
  '  }',
  '  [IO.File]::WriteAllLines($Book, [string[]] $lines)',
  '}',
]

/** A certificate for client authentication that one of these authorities issued and that is still good. */
export const FIND_CERTIFICATE: readonly string[] = [
  'function Find-Certificate([string] $Store, [string[]] $Issuers) {',
  '  foreach ($one in Get-ChildItem -LiteralPath $Store) {',
  '    if (-not $one.HasPrivateKey -or $one.NotAfter -lt (Get-Date)) { continue }',
  "    if (@($one.EnhancedKeyUsageList | ForEach-Object { $_.ObjectId }) -notcontains '1.3.6.1.5.5.7.3.2') { continue }",
  '    $chain = New-Object Security.Cryptography.X509Certificates.X509Chain',
  "    $chain.ChainPolicy.RevocationMode = 'NoCheck'",
  '    $null = $chain.Build($one)',
  '    foreach ($element in $chain.ChainElements) { if ($Issuers -contains $element.Certificate.Thumbprint) { return $one } }',
  '  }',
  '}',
]
