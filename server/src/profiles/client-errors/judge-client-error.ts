import type { ClientError, Stage } from './client-error.ts'
import type { SeenDrop, SeenLogin, SeenLogins } from './seen-logins.ts'

export type Verdict =
  /** The client did not get as far as this server. */
  | 'not-reached'
  /** Somebody should have asked this server, and nobody did. */
  | 'not-asked'
  | 'refused'
  /** This server could not say, and kept silent. */
  | 'silent'
  /** It said yes; what failed came after. */
  | 'accepted'

export interface Judgement {
  readonly verdict: Verdict
  /** What the server saw, and what follows from it; most telling first. */
  readonly sentences: readonly string[]
  /** What to do first, before the causes of the code. */
  readonly nextSteps: readonly string[]
  /** The login to explain. */
  readonly receipt?: string
}

/** Stages at which a gateway has asked this server already. */
const ASKED: readonly Stage[] = ['authentication', 'client-certificate', 'after-accept']

/** Joins what the client shows with what this server saw of that person. Pure. */
export function judgeClientError(error: ClientError, seen: SeenLogins): Judgement {
  const [latest] = seen.logins
  const judgement = latest === undefined ? withoutLogin(error, seen) : withLogin(error, seen, latest)
  const drops = latest?.outcome === 'accept' ? [] : seen.drops
  return {
    ...judgement,
    sentences: [...judgement.sentences, ...drops.map(dropped)],
    nextSteps: [...judgement.nextSteps, ...new Set(drops.map(({ nextStep }) => nextStep))],
  }
}

function withoutLogin({ code, stage }: ClientError, { user, minutes }: SeenLogins): Judgement {
  const nobody = `No login of ${user} reached this server in the last ${minutesText(minutes)}.`
  if (!ASKED.includes(stage)) {
    return {
      verdict: 'not-reached',
      sentences: [nobody, `That fits: ${code} comes before the gateway asks who it is.`],
      nextSteps: [],
    }
  }
  return {
    verdict: 'not-asked',
    sentences: [
      nobody,
      `With ${code} the gateway should have asked it: it asked another server, or got no answer, or the name was another one.`,
    ],
    nextSteps: [
      'Run sallyport gateways check NAME: does the gateway ask this server, and with the right secret?',
      `Run sallyport log: perhaps the login stands there under another name than ${user}.`,
    ],
  }
}

function withLogin({ code, stage }: ClientError, seen: SeenLogins, latest: SeenLogin): Judgement {
  const { id: receipt, outcome, client, sentence, nextStep } = latest
  const when = agoText(seen.now - latest.at)
  const steps = nextStep === undefined ? [] : [nextStep]
  switch (outcome) {
    case 'reject':
      return {
        ...{ verdict: 'refused', receipt },
        sentences: [
          `This server refused ${seen.user} through ${client} ${when}: ${sentence}`,
          ...(ASKED.includes(stage)
            ? []
            : [
                `${code} itself comes before the gateway asks: it may belong to another attempt than that login.`,
              ]),
        ],
        nextSteps: steps,
      }
    case 'drop':
      return {
        ...{ verdict: 'silent', receipt },
        sentences: [`This server could not decide, and did not answer ${client} ${when}: ${sentence}`],
        nextSteps: steps,
      }
    case 'accept':
      return {
        ...{ verdict: 'accepted', receipt },
        sentences: [`This server accepted ${seen.user} through ${client} ${when}.`, afterAccept(stage, code)],
        nextSteps: ['Run sallyport gateways check NAME, and look at the log of the gateway at that time.'],
      }
  }
}

function afterAccept(stage: Stage, code: string): string {
  switch (stage) {
    case 'authentication':
    case 'client-certificate':
      return `So ${code} comes from the gateway: it did not take the answer (no Message-Authenticator, wrong secret, no MS-MPPE keys), or waited too short a time for it.`
    case 'after-accept':
      return `That fits: ${code} comes after the accept, from what the gateway made of its attributes.`
    case 'server-certificate':
      return `So ${code} is about the certificate of the gateway itself, or about an earlier attempt.`
    default:
      return `${code} comes before the gateway asks: it belongs to another attempt than that login.`
  }
}

function dropped({ client, address, title, packets }: SeenDrop): string {
  const who = client === undefined ? `A stranger at ${address}` : `${client} (${address})`
  return `${who} got no answer to ${String(packets)} packets: ${title}`
}

function agoText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  return seconds < 120 ? `${String(seconds)} seconds ago` : `${minutesText(seconds / 60)} ago`
}

function minutesText(minutes: number): string {
  const whole = Math.max(1, Math.round(minutes))
  return whole === 1 ? 'minute' : `${String(whole)} minutes`
}
