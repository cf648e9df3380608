/**
 * RSA moduli that look like any other and are quickly factored. What is not looked for: the keys Debian's OpenSSL made
 * from 2006 to 2008 (CVE-2008-0166), which only a list of all of them tells.
 */
export function weakModulus(modulus: bigint): string | undefined {
  const divisor = SMALL_PRIMES.find((prime) => modulus % BigInt(prime) === 0n)
  if (divisor !== undefined) return `its RSA modulus is divisible by ${divisor}`
  if (isRoca(modulus)) return 'its RSA modulus was made by a faulty Infineon library (ROCA, CVE-2017-15361)'
  if (hasClosePrimes(modulus)) return 'the primes of its RSA modulus are too close together (CVE-2022-26320)'
  return undefined
}

function primesUpTo(end: number): number[] {
  const primes: number[] = []
  for (let candidate = 2; candidate <= end; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}

const SMALL_PRIMES = primesUpTo(751)

/**
 * Nemec et al., "The Return of Coppersmith's Attack" (CCS 2017): both primes are k*M + (65537^a mod M) with M the product
 * of the first primes. Modulo each of these primes the modulus then is a power of 65537; of other moduli one in 2^27 is.
 */
const GROUPS: readonly (readonly [prime: number, powers: ReadonlySet<number>])[] = primesUpTo(167).map(
  (prime) => [prime, powersModulo(prime)],
)

function powersModulo(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1 % prime; !powers.has(power); power = (power * 65537) % prime) powers.add(power)
  return powers
}

function isRoca(modulus: bigint): boolean {
  return GROUPS.every(([prime, powers]) => powers.has(Number(modulus % BigInt(prime))))
}

/** CA/Browser Forum, Baseline Requirements 6.1.1.3: as many rounds of Fermat's method as there are here. */
const FERMAT_ROUNDS = 100

/** n = a² - b² = (a - b)(a + b): close primes make b small, and a little above the root of n. */
function hasClosePrimes(modulus: bigint): boolean {
  let a = squareRoot(modulus)
  if (a * a < modulus) a += 1n
  for (let round = 0; round < FERMAT_ROUNDS; round++, a += 1n) {
    if (isSquare(a * a - modulus)) return true
  }
  return false
}

/** Squares have few remainders: most numbers need no root to be told apart. */
const REMAINDERS = [64, 63, 65, 11, 17, 19, 23].map(
  (divisor) =>
    [BigInt(divisor), new Set(Array.from({ length: divisor }, (_, n) => BigInt((n * n) % divisor)))] as const,
)

function isSquare(value: bigint): boolean {
  if (!REMAINDERS.every(([divisor, remainders]) => remainders.has(value % divisor))) return false
  const root = squareRoot(value)
  return root * root === value
}

/** Newton's method, rounded down. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
