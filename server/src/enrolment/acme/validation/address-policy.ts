import { type BlockList, isIPv4 } from 'node:net'
import { networkList } from '../../../config/schema.ts'
import { mayBeAsked } from '../../revocation/address-guard.ts'

/**
 * Where the server may connect to because a client of ACME named it: what is configured and nothing else, or, by default,
 * every address but this machine, the link with its metadata services, and multicast. Private networks are allowed: that is
 * where the hosts of a company are.
 */
export class AddressPolicy {
  readonly #networks: BlockList | undefined

  constructor(networks: readonly string[]) {
    this.#networks = networks.length === 0 ? undefined : networkList(networks)
  }

  allows(address: string): boolean {
    if (this.#networks === undefined) return mayBeAsked(address)
    return this.#networks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
  }
}
