/**
 * Checks the floors of the house: a file imports only from its own folder and from floors below it, and a protocol
 * package touches no platform module outside its `node` entry. Part of `npm test`.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** From the roof to the ground. Folders on one floor do not see each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['cli'],
  ['main'],
  ['threads'],
  ['listeners'],
  ['access', 'mail', 'enrolment', 'profiles'],
  ['grants'],
  ['identity', 'devices', 'journal', 'admins'],
  ['policy', 'config'],
  ['store'],
  ['reasons'],
  ['kernel'],
]

/** Protocol packages and the packages of the house they may use. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  radius: ['bytes'],
  mschap: ['bytes'],
  eap: ['bytes', 'mschap'],
  pki: ['bytes'],
  ldap: ['bytes'],
  tacacs: ['bytes'],
}

/** Platform modules only an explicit `./node` entry (a file or folder of that name) may import. */
const PLATFORM = /^node:(net|dgram|fs|tls|http|https|http2|dns|child_process|worker_threads|cluster)(\/|$)/

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => (match[1] ?? match[2]) as string)
}

function floorOf(folder: string): number {
  return FLOORS.findIndex((floor) => floor.includes(folder))
}

/** `server/src/access/pipeline.ts` -> `access`; `server/src/main.ts` -> `main`. */
function folderOf(file: string): string {
  return (file.split('/')[2] as string).replace(/\.ts$/, '')
}

/** Tests may look up: they put the house together to look at one room. */
function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/test/')
}

function complaintsAboutServer(file: string): string[] {
  const own = folderOf(file)
  const floor = floorOf(own)
  if (floor < 0) return [`${file}: folder '${own}' stands on no floor; add it to tools/floors.ts`]
  const complaints: string[] = []
  for (const target of importsOf(file)) {
    if (!target.startsWith('.')) continue
    const path = normalize(join(dirname(file), target))
    if (!path.startsWith('server/src/')) {
      complaints.push(`${file}: imports ${target}, outside server/src`)
      continue
    }
    const other = folderOf(path)
    if (other !== own && floorOf(other) <= floor) {
      complaints.push(`${file}: '${own}' may not import from '${other}' (same floor or above)`)
    }
  }
  return complaints
}

function complaintsAboutPackage(file: string): string[] {
  const [, name, ...rest] = file.split('/') as [string, string, ...string[]]
  const allowed = PACKAGES[name]
  if (allowed === undefined) return [`${file}: package '${name}' is not listed in tools/floors.ts`]
  const isNodeEntry = rest.includes('node') || rest.includes('node.ts')
  const complaints: string[] = []
  for (const target of importsOf(file)) {
    const sibling = /^@sallyport\/([^/]+)/.exec(target)?.[1]
    if (sibling !== undefined && !allowed.includes(sibling))
      complaints.push(`${file}: may not import ${target}`)
    if (PLATFORM.test(target) && !isNodeEntry)
      complaints.push(`${file}: ${target} only behind the node entry`)
    if (target.startsWith('.') && !normalize(join(dirname(file), target)).startsWith(`packages/${name}/`)) {
      complaints.push(`${file}: imports ${target}, outside its package`)
    }
  }
  return complaints
}

const serverFiles = globSync('server/src/**/*.ts').filter((file) => !isTest(file))
const packageFiles = globSync('packages/*/src/**/*.ts').filter((file) => !isTest(file))
if (packageFiles.length === 0) throw new Error('floors: no files found; run it from the repository root')
const complaints = [
  ...serverFiles.flatMap(complaintsAboutServer),
  ...packageFiles.flatMap(complaintsAboutPackage),
]
for (const complaint of complaints) console.error(complaint)
console.log(`floors: ${serverFiles.length + packageFiles.length} files, ${complaints.length} complaints`)
process.exitCode = complaints.length === 0 ? 0 : 1
