/**
 * EAP-PEAP for strongSwan: Debian leaves the plugin out, so it is built from Debian's own source of the version that is
 * installed, in a second, and kept for later runs. Nothing of the machine is changed.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { PLUGIN_FOLDER } from './charon.ts'
import { runToEnd, temporaryFolder } from './process.ts'

export const PEAP_PLUGIN_PACKAGES = ['gcc', 'libc6-dev', 'bzip2'] as const

export type PeapPlugin =
  /** A folder with all plugins of the machine, and this one. */
  { readonly folder: string } | { readonly obstacle: string }

/** Nobody else may write there: root loads what is in it. */
const CACHE = join(import.meta.dirname, '../node_modules/.cache/sallyport-lab')
const LIBRARY = 'libstrongswan-eap-peap.so'

/** What ./configure finds out on Debian, as far as the headers this plugin reads ask for it. */
const CONFIG = [
  'CONFIG_H_INCLUDED',
  'HAVE_STDBOOL_H',
  'HAVE_SIGWAITINFO',
  'HAVE_PRINTF_SPECIFIERS',
  'HAVE_GETTID',
  'HAVE_QSORT_R',
  'HAVE_QSORT_R_GNU',
  'HAVE_EXPLICIT_BZERO',
].map((name) => `-D${name}=1`)

/** Where it cannot be had - no network, not Debian - it says why. */
export async function peapPlugin(): Promise<PeapPlugin> {
  try {
    const version = await run('dpkg-query', '--show', `--showformat=\${source:Version}`, 'strongswan-charon')
    const kept = join(CACHE, `strongswan-${version.replace(/[^\w.+-]/g, '_')}`)
    if (!existsSync(join(kept, LIBRARY))) await build(version, kept)
    return { folder: kept }
  } catch (error) {
    return { obstacle: error instanceof Error ? error.message : String(error) }
  }
}

async function build(version: string, kept: string): Promise<void> {
  using folder = temporaryFolder('sallyport-peap-')
  const source = await unpacked(version, folder.path)
  const made = join(folder.path, 'plugins')
  cpSync(PLUGIN_FOLDER, made, { recursive: true })
  const plugin = join(source, 'src/libcharon/plugins/eap_peap')
  const files = readdirSync(plugin).filter((name) => name.endsWith('.c'))
  await run(
    ...(['cc', '-shared', '-fPIC', '-O1', ...CONFIG, '-o', join(made, LIBRARY)] as const),
    ...files.map((name) => join(plugin, name)),
    ...['libstrongswan', 'libcharon', 'libtls'].map((name) => `-I${join(source, 'src', name)}`),
    ...['-Wl,-rpath,/usr/lib/ipsec', '-L/usr/lib/ipsec', '-l:libtls.so.0'],
  )
  mkdirSync(CACHE, { recursive: true })
  // Renamed when whole: who looks finds all of it or nothing. Where another run was faster, its folder stays.
  cpSync(made, `${kept}.${process.pid}`, { recursive: true })
  try {
    renameSync(`${kept}.${process.pid}`, kept)
  } catch {
    rmSync(`${kept}.${process.pid}`, { recursive: true, force: true })
  }
}

/** apt takes the source from where the machine takes its packages, and checks its signature. */
async function unpacked(version: string, folder: string): Promise<string> {
  const [parts, lists, cache] = ['parts', 'lists/partial', 'cache'].map((name) => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  })
  writeFileSync(join(folder, 'parts/debian.sources'), sourcesOf('/etc/apt/sources.list.d', '.sources'))
  writeFileSync(join(folder, 'parts/debian.list'), listOf())
  const options = [
    ...['-q', '-o', 'Dir::Etc::sourcelist=/dev/null', '-o', `Dir::Etc::sourceparts=${parts}`],
    ...['-o', `Dir::State::lists=${lists?.replace('/partial', '')}`, '-o', `Dir::Cache=${cache}`],
    ...['-o', 'APT::Sandbox::User=root'],
  ]
  // Not every place has sources of all it has packages of; what counts is whether the next line finds this one.
  await runToEnd('apt-get', [...options, 'update'], { milliseconds: 60_000 })
  const download = ['source', '--download-only', '--tar-only', `strongswan=${version}`]
  await runIn(folder, 'apt-get', ...options, ...download)
  const archive = readdirSync(folder).find((name) => name.includes('.orig.tar.'))
  if (archive === undefined) throw new Error('apt-get source brought no archive')
  await runIn(folder, 'tar', '--extract', '--file', archive)
  const source = readdirSync(folder).find((name) => name.startsWith('strongswan-'))
  if (source === undefined) throw new Error(`${archive} holds no strongSwan`)
  return join(folder, source)
}

/** sources.list(5), the form in stanzas: the same for sources. */
function sourcesOf(folder: string, suffix: string): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)) : []
  return names
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^Types:.*$/gm, 'Types: deb-src'))
    .join('\n\n')
}

/** The form of one line. */
function listOf(): string {
  const file = '/etc/apt/sources.list'
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return lines.flatMap((line) => (line.startsWith('deb ') ? [`deb-src ${line.slice(4)}`] : [])).join('\n')
}

async function run(...command: readonly string[]): Promise<string> {
  return await runIn('/', ...command)
}

async function runIn(cwd: string, program = '', ...args: readonly string[]): Promise<string> {
  const { code, output, stdout } = await runToEnd(program, args, { cwd, milliseconds: 60_000 })
  if (code !== 0) throw new Error(`${program} (${code}): ${output.trim().split('\n').slice(-2).join(' ')}`)
  return stdout.trim()
}
