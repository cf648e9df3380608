/** Names come from directories, where anything may stand. */
export function shown(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, ' ')
    .slice(0, 200)
    .toWellFormed()
}
