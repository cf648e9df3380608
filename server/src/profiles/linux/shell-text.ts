/**
 * `COMMAND <<'WORD'` with the text below it: nothing in it is looked at by the shell, because the word is quoted, and no
 * line of it is the word. The text ends with a line break.
 */
export function hereDocument(command: string, text: string): string {
  const lines = text.split('\n')
  let word = 'END_OF_FILE'
  while (lines.includes(word)) word = `${word}_`
  return `${command} <<'${word}'\n${text}${word}\n`
}

/** A quoted value of a file of curl's options: a backslash takes the meaning from what follows (curl(1), --config). */
export function curlValue(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

export const base64Lines = (octets: Uint8Array): string =>
  `${(octets.toBase64().match(/.{1,76}/g) ?? []).join('\n')}\n`
