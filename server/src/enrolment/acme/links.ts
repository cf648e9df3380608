/** Addresses of one directory: `https://ca.example.org/acme/web-server/...`. */
export class Links {
  readonly #root: string

  /**
   * @param base without a slash at its end
   * @param template as somebody asked for it: no template needs to have this name
   */
  constructor(base: string, template: string) {
    this.#root = `${base}/acme/${encodeURIComponent(template)}/`
  }

  to(path: string): string {
    return this.#root + path
  }

  account(id: string): string {
    return this.to(`account/${id}`)
  }

  order(id: string): string {
    return this.to(`order/${id}`)
  }

  authorization(id: string): string {
    return this.to(`authorization/${id}`)
  }

  challenge(authorization: string, type: string): string {
    return this.to(`challenge/${authorization}/${type}`)
  }

  certificate(order: string): string {
    return this.to(`certificate/${order}`)
  }

  /** Id of the account this address names; undefined where it is no account's of this directory. */
  accountIdOf(address: string): string | undefined {
    const start = this.account('')
    const id = address.slice(start.length)
    return address.startsWith(start) && /^[\w-]{1,64}$/.test(id) ? id : undefined
  }
}
