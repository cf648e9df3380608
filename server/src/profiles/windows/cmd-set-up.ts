import { powershellFile } from './powershell-text.ts'

/** Written in two halves above, so that its first place in the file is the line itself. */
const MARK = '#SALLYPORT#'

/**
 * One file that a person double-clicks: a batch file whose end is the script. The batch part is the same for everybody and ends
 * before the script begins, so cmd never reads a name; PowerShell reads the file from the mark on. It runs under a policy of
 * its own for this one process, and starts itself again as administrator only where all of it needs one.
 */
export function cmdSetUp(script: readonly string[], elevated: boolean): string {
  const [first, second] = [MARK.slice(0, 5), MARK.slice(5)]
  const run = [
    `$text = [IO.File]::ReadAllText($env:SALLYPORT_FILE)`,
    `$start = $text.IndexOf('${first}' + '${second}')`,
    `& ([ScriptBlock]::Create($text.Substring($start)))`,
  ]
  const consent =
    'if (-not ([Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { Start-Process -FilePath $env:SALLYPORT_FILE -Verb RunAs; exit 0 }'
  const command = [...(elevated ? [consent] : []), ...run].join('; ')
  return powershellFile([
    '@echo off',
    'setlocal DisableDelayedExpansion',
    'set "SALLYPORT_FILE=%~f0"',
    `powershell.exe -NoLogo -NoProfile -ExecutionPolicy Bypass -Command "${command}"`,
    'set "SALLYPORT_CODE=%ERRORLEVEL%"',
    'echo.',
    'pause',
    'exit /b %SALLYPORT_CODE%',
    MARK,
    ...script,
  ])
}
