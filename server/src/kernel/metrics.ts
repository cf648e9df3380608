import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The numbers of one thread, in plain data: what crosses to the thread that answers `/metrics`. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Seconds: from a cached answer to a directory that is about to be given up. */
const LATENCY_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 3]

/** Counters, gauges and histograms of one thread. Names are `sallyport_...`; every metric is made once, here. */
export class Metrics {
  readonly #registry = new Registry()

  counter<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name: `sallyport_${name}`, help, labelNames: labels, registers: [this.#registry] })
  }

  /** `read` is called when somebody looks. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name: `sallyport_${name}`,
      help,
      registers: [this.#registry],
      collect: () => gauge.set(read()),
    })
  }

  /** As `gauge`, one value for each set of labels; `read` names all of them. */
  gauges<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: () => Iterable<readonly [labels: Readonly<Record<Label, string>>, value: number]>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name: `sallyport_${name}`,
      help,
      labelNames: labels,
      registers: [this.#registry],
      collect: () => {
        gauge.reset()
        for (const [of, value] of read()) gauge.set(of, value)
      },
    })
  }

  latency<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Histogram<Label> {
    return new Histogram({
      name: `sallyport_${name}_seconds`,
      help,
      labelNames: labels,
      buckets: LATENCY_BUCKETS,
      registers: [this.#registry],
    })
  }

  snapshot(): Promise<MetricsSnapshot> {
    return this.#registry.getMetricsAsJSON()
  }
}

/** Prometheus text (exposition format 0.0.4) of all threads together: counters and gauges of one name add up. */
export function renderMetrics(threads: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...threads]).metrics()
}
