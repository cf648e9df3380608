/** A computer at the switch port: each login is a machine of its own, with the file of one profile. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from '../../network.ts'
import type { Running } from '../../process.ts'
import { plugIn } from '../../supplicant.ts'
import { OTHER_VLAN, STAFF_VLAN } from './network.ts'

export class Desk implements AsyncDisposable {
  readonly #network: Network
  #supplicant: Running | undefined
  #computers = 0

  constructor(network: Network) {
    this.#network = network
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supplicant?.stop()
    this.#supplicant = undefined
  }

  /** `profile`: folder that `sallyport connections make NAME linux-wpa-supplicant` filled. Whether it was let in. */
  async plugIn(profile: string, password?: string): Promise<boolean> {
    await this[Symbol.asyncDispose]()
    const mac = `02:00:00:78:00:0${++this.#computers}`
    this.#network.ip('computer', 'link', 'set', 'eth1', 'address', mac)
    const file = readdirSync(profile).find((name) => name.endsWith('.conf')) ?? ''
    const { supplicant, success } = await plugIn({
      ...{ network: this.#network, host: 'computer', port: 'eth1', configuration: join(profile, file) },
      ...(password !== undefined && { password }),
    })
    this.#supplicant = supplicant
    return success
  }

  /** Which VLANs answer a ping. */
  async reachable(): Promise<readonly number[]> {
    const vlans = [STAFF_VLAN, OTHER_VLAN]
    const reaches = (vlan: number) => this.#network.reaches('computer', `10.77.${vlan}.1`)
    const answers = await Promise.all(vlans.map(reaches))
    return vlans.filter((_, index) => answers[index])
  }
}
