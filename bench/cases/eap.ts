/** CPU time of the server for one EAP login. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../../lab/process.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { type KeyType, makeCertificates } from '../certificates.ts'
import { logIn, probe, type SupplicantOptions, type Target } from '../eap/supplicants.ts'
import { type EapVariant, variantName } from '../eap/variant.ts'
import { journalAtRest, startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'
import { type Row, ratioAtMost, row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

interface Run {
  readonly variant: string
  readonly logins: number
  readonly seconds: number
  readonly cpuSeconds: number
}

interface Server extends Target {
  readonly pid: number
  /** Waits for work that a load leaves behind; it is part of the load. */
  readonly rest: () => Promise<unknown>
}

export const eapTls = eapCase({
  name: 'eap-tls',
  summary: 'CPU of a full EAP-TLS login',
  variants: [
    { method: 'EAP-TLS', tls: 'TLSv1.2' },
    { method: 'EAP-TLS', tls: 'TLSv1.3' },
  ],
  goals: { ecdsa: 0.7, rsa: 0.8 },
})

export const eapResumed = eapCase({
  name: 'eap-resumed',
  summary: 'CPU of an EAP-TLS login whose TLS session is resumed',
  variants: [
    { method: 'EAP-TLS', tls: 'TLSv1.2', resumed: true },
    { method: 'EAP-TLS', tls: 'TLSv1.3', resumed: true },
  ],
  goals: { ecdsa: 0.5, rsa: 0.5 },
})

export const eapPeap = eapCase({
  name: 'eap-peap',
  summary: 'CPU of a full PEAP-MSCHAPv2 login',
  variants: [{ method: 'PEAP', tls: 'TLSv1.2' }],
  goals: { ecdsa: 0.8, rsa: 0.8 },
})

interface Plan {
  readonly name: string
  readonly summary: string
  readonly variants: readonly Omit<EapVariant, 'keyType'>[]
  /** The most of the peer's CPU time a login may cost. */
  readonly goals: Readonly<Record<KeyType, number>>
}

function eapCase(plan: Plan): BenchCase {
  const { name, summary } = plan
  return {
    name,
    summary,
    counterparts: ['freeradius', 'eapoltest', 'openssl'],
    async run(pace) {
      const ecdsa = await withKeyType(plan, 'ecdsa', pace)
      const rsa = await withKeyType(plan, 'rsa', pace)
      return {
        rows: [...ecdsa.rows, ...rsa.rows],
        raw: { ours: [...ecdsa.raw.ours, ...rsa.raw.ours], peer: [...ecdsa.raw.peer, ...rsa.raw.peer] },
      }
    },
  }
}

async function withKeyType(plan: Plan, keyType: KeyType, pace: Pace): Promise<CaseResult> {
  const { name, goals } = plan
  const isResumed = plan.variants.some(({ resumed }) => resumed === true)
  using folder = temporaryFolder('sallyport-bench-')
  const certificates = makeCertificates(join(folder.path, 'ca'), keyType)
  await using sallyport = await startOurs({ folder: folder.path, clientCa: certificates.root })
  await using freeRadius = await startPeer({
    folder: folder.path,
    tls: {
      ...certificates.server,
      ca: certificates.root,
      ...(isResumed && { cache: join(folder.path, 'freeradius/cache') }),
    },
  })
  const ours: Server = {
    ...{ name: 'Sallyport', port: sallyport.authPort, pid: sallyport.process.pid },
    root: join(sallyport.data, 'ca.pem'),
    rest: () => journalAtRest(sallyport),
  }
  const peer: Server = {
    ...{ name: 'FreeRADIUS', port: freeRadius.authPort, pid: freeRadius.process.pid },
    root: certificates.root,
    rest: async () => {},
  }
  const options = { folder: folder.path, client: certificates.client }
  const variants = plan.variants.map((method) => ({ ...method, keyType }))
  for (const variant of variants) {
    for (const server of [ours, peer]) {
      await probe(server, variant, options)
      for (let run = 0; run < pace.warmUpRuns; run++) await loginRun(server, variant, options, pace)
    }
  }
  const rows: Row[] = []
  const raw: { ours: Run[]; peer: Run[] } = { ours: [], peer: [] }
  for (const variant of variants) {
    const runs = await alternate(
      variantName(variant),
      pace.runs,
      () => loginRun(ours, variant, options, pace),
      () => loginRun(peer, variant, options, pace),
    )
    const figures = {
      case: variantName(variant),
      unit: 'CPU ms/login',
      goal: ratioAtMost(goals[keyType]),
      runs,
    }
    rows.push(row(figures, ({ cpuSeconds, logins }) => (cpuSeconds / logins) * 1000))
    raw.ours.push(...runs.ours)
    raw.peer.push(...runs.peer)
  }
  const idleName = `${name}, idle, ${keyType}`
  const idle = await alternate(
    idleName,
    pace.runs,
    () => idleRun(ours, pace.idleSeconds),
    () => idleRun(peer, pace.idleSeconds),
  )
  rows.push(
    row({ case: idleName, unit: 'CPU ms/s', runs: idle }, ({ cpuSeconds, seconds }) => {
      return (cpuSeconds / seconds) * 1000
    }),
  )
  return { rows, raw: { ours: [...raw.ours, ...idle.ours], peer: [...raw.peer, ...idle.peer] } }
}

async function loginRun(
  server: Server,
  variant: EapVariant,
  options: SupplicantOptions,
  pace: Pace,
): Promise<Run> {
  await server.rest()
  return await measured(server, variantName(variant), async () => {
    const logins = await logIn(server, variant, options, pace)
    await server.rest()
    return logins
  })
}

function idleRun(server: Server, seconds: number): Promise<Run> {
  return measured(server, 'idle', async () => {
    await delay(seconds * 1000)
    return 0
  })
}

async function measured({ pid }: Server, variant: string, logins: () => Promise<number>): Promise<Run> {
  const [start, before] = [performance.now(), cpuSeconds(pid)]
  const done = await logins()
  const after = cpuSeconds(pid)
  return { variant, logins: done, seconds: (performance.now() - start) / 1000, cpuSeconds: after - before }
}
