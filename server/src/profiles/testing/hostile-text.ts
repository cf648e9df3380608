import fc from 'fast-check'

/** What ends a string, begins a command or turns the reading direction in some format profiles are written in. */
const PIECES = [
  ...["'", '"', '`', '\u2018', '\u2019', '\u201c', '\u201d', '\u201e', "'@", '"@', "@'", '@"', "''", '""'],
  ...[
    '$(',
    '$(calc)',
    ')',
    '$' + '{env:PATH}',
    '$PATH',
    '%PATH%',
    '!',
    '!x!',
    '`id`',
    '|',
    '||',
    '&',
    '&&',
    ';',
    '>',
    '<',
    '*',
    '?',
    '~',
  ],
  ...[
    '\\',
    '\\\\',
    '\\n',
    '\\"',
    '/',
    '../',
    '#',
    '--',
    '-',
    '=',
    '[',
    ']',
    '[x]',
    '{',
    '}',
    '(',
    ',',
    ':',
    '@',
    '+',
    '^',
  ],
  ...[
    '<!--',
    '-->',
    ']]>',
    '<![CDATA[',
    '&amp;',
    '&lt;',
    '&#0;',
    '</string>',
    '<script>alert(1)</script>',
    '<?xml',
    '<!DOCTYPE',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\u200b',
    '\u00a0',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u200f',
    'ש',
    'مرحبا',
    'Я',
    'ü',
    'ß',
    '漢字',
    'é',
    'e\u0301',
    '😀',
    '\ud83d',
    '\udc00',
  ],
  ...['=cmd()', '+1', '@SUM(1)', 'NUL', 'CON', ' ', '  ', 'a', 'Z', '0', 'alice', 'include', 'EOF', 'true'],
] as const

/** Texts that try to break out. Unpaired surrogates and control characters are among them: refuse or carry, never break. */
export function hostileText(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 4 })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((pieces) => pieces.join(''))
}

/** The same without what the configuration refuses in a name: control characters, a slash, outer blanks. */
export function hostileName(): fc.Arbitrary<string> {
  return hostileText()
    .map((text) =>
      text
        .toWellFormed()
        .replace(/[\p{Cc}/\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
        .trim()
        .slice(0, 60)
        .toWellFormed()
        .trim(),
    )
    .filter((text) => text !== '')
}
