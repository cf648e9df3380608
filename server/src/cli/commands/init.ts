import { existsSync, writeFileSync } from 'node:fs'
import { STARTER_GROUP, vpnScenario } from '../../config/scenarios/vpn.ts'
import { addressKind, networkOf } from '../../config/sections/client-address.ts'
import { VENDORS } from '../../config/sections/vendors.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import type { Input } from '../input.ts'

export const init: Command = {
  name: 'init',
  summary: 'Write a usual set-up as a YAML file to look at and apply',
  usage: 'vpn --address ADDRESS',
  positionals: ['scenario'],
  flags: {
    name: { value: 'NAME', description: 'of the VPN gateway (default vpn-1)' },
    address: { value: 'ADDRESS', description: 'of the gateway: address, network or DNS name' },
    vendor: { value: 'NAME', description: 'of the gateway, see docs/configuration.md (default other)' },
    group: { value: 'NAME', description: 'who may come in (default "VPN Users")' },
    output: { value: 'FILE', short: 'o', description: 'default vpn.yaml; - prints it' },
    force: { description: 'overwrite the file' },
  },
  details:
    'vpn: a gateway, a profile and the rule that lets a group in, in place of the one of the first start.\n' +
    'Nothing is changed until you apply the file.',
  examples: ['sallyport init vpn --address 192.0.2.10', 'sallyport apply -f vpn.yaml --dry-run'],
  async run(input, terminal) {
    const [scenario] = input.positionals
    if (scenario !== 'vpn') throw usageError(`There is no set-up "${scenario}". There is: vpn`)
    const vendor = input.text('vendor')
    if (vendor !== undefined && !VENDORS.some((known) => known === vendor)) {
      throw usageError(`--vendor takes one of ${VENDORS.join(', ')}, not "${vendor}".`)
    }
    const yaml = vpnScenario({
      clientName: input.text('name') ?? 'vpn-1',
      clientAddress: addressOf(input),
      group: input.text('group') ?? STARTER_GROUP,
      ...(vendor === undefined ? {} : { vendor }),
    })
    const file = input.text('output') ?? 'vpn.yaml'
    if (file === '-') {
      terminal.print(yaml.trimEnd())
      return EXIT.ok
    }
    if (existsSync(file) && !input.has('force')) {
      throw new CliError(`${file} is there already. Choose another with -o, or overwrite it with --force.`)
    }
    writeFileSync(file, yaml)
    terminal.print(`Wrote ${file}. Next:`)
    terminal.print(`  npx sallyport apply -f ${file} --dry-run   shows what would change`)
    terminal.print(`  npx sallyport apply -f ${file}             serves it and shows the gateway's secret`)
    return EXIT.ok
  },
}

function addressOf(input: Input): string {
  const address = input.required('address', 'Where is the gateway? --address 192.0.2.10')
  if (addressKind(address) === undefined) {
    throw usageError(
      `--address takes an IP address, a network (192.0.2.0/24) or a DNS name, not "${address}".`,
    )
  }
  const network = networkOf(address)
  if (network?.hostBits) {
    throw usageError(`--address ${address} reaches beyond its prefix length. Did you mean ${network.text}?`)
  }
  return address
}
