import { existsSync, writeFileSync } from 'node:fs'
import { vpnScenario } from '../../config/scenarios/vpn.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const init: Command = {
  name: 'init',
  summary: 'Write a usual set-up as a YAML file to look at and apply',
  usage: 'vpn [--address ADDRESS]',
  positionals: ['scenario'],
  flags: {
    name: { value: 'NAME', description: 'of the VPN gateway (default vpn-1)' },
    address: { value: 'ADDRESS', description: 'of the gateway: address, network or DNS name' },
    vendor: { value: 'NAME', description: 'of the gateway, see docs/configuration.md (default other)' },
    group: { value: 'NAME', description: 'who may come in (default "VPN Users")' },
    output: { value: 'FILE', short: 'o', description: 'default vpn.yaml; - prints it' },
    force: { description: 'overwrite the file' },
  },
  details: 'vpn: a gateway, a group, a rule and a profile. Nothing is changed until you apply the file.',
  examples: ['sallyport init vpn --address 192.0.2.10', 'sallyport apply -f vpn.yaml --dry-run'],
  async run(input, terminal) {
    const [scenario] = input.positionals
    if (scenario !== 'vpn') throw usageError(`There is no set-up "${scenario}". There is: vpn`)
    const vendor = input.text('vendor')
    const yaml = vpnScenario({
      clientName: input.text('name') ?? 'vpn-1',
      clientAddress: input.required('address', 'Where is the gateway? --address 192.0.2.10'),
      group: input.text('group') ?? 'VPN Users',
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
