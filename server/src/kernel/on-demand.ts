/** Every method of T answers later. */
type Answering<T> = { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> }

/**
 * A service whose code and parts are loaded when it is first called, for what few servers use, or few use often: until then
 * it costs no memory and no time at the start. Where loading fails, the call does, and the next one tries again.
 */
export function onDemand<T extends Answering<T>>(load: () => Promise<T>): T {
  let loading: Promise<T> | undefined
  const loaded = (): Promise<T> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  const call = async (method: string, args: readonly unknown[]): Promise<unknown> => {
    const service = await loaded()
    // The caller sees T, so the method is one of T's.
    return await Reflect.apply(Reflect.get(service, method) as () => unknown, service, args)
  }
  const service = new Proxy(Object.create(null) as object, {
    // A promise resolved with the proxy asks for `then`; it must not become a call.
    get: (_, method) =>
      typeof method === 'string' && method !== 'then'
        ? (...args: unknown[]) => call(method, args)
        : undefined,
  })
  return service as T // it answers to every name of T
}
