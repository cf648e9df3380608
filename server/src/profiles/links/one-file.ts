import { zip } from '../../kernel/zip.ts'
import { fileName } from '../file-name.ts'
import type { ProfileFile } from '../profile-output.ts'

/** A browser saves one file at a time: several become one. */
export function asOne(files: readonly ProfileFile[], name: string): ProfileFile {
  const [file] = files
  if (file !== undefined && files.length === 1) return file
  const entries = files.map(({ name: inside, content }) => ({ name: inside, content: Buffer.from(content) }))
  return {
    name: fileName(name, 'zip'),
    mediaType: 'application/zip',
    content: zip(entries),
    holdsSecret: files.some(({ holdsSecret }) => holdsSecret),
  }
}
