/** Follows docs/guides/active-directory.md as it is written: its files and its commands, with the names of this domain. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMON_PASSWORD } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { LOCAL_CLIENT, SECRET, SERVER_NAME } from './configuration.ts'
import { sidOf } from './domain-eap.ts'
import type { DirectoryHouse } from './house.ts'

const GUIDE = join(import.meta.dirname, '../../../docs/guides/active-directory.md')

interface Block {
  readonly language: string
  readonly text: string
}

/** Blocks of the guide itself, not those within a list. */
function blocks(): readonly Block[] {
  return [...readFileSync(GUIDE, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({
      language,
      text,
    }),
  )
}

/** The names of the guide are those of an example. */
function ours(house: DirectoryHouse, text: string): string {
  const { controller } = house.backends
  return text
    .replaceAll('DC=example,DC=org', controller.baseDn)
    .replaceAll('example.org', controller.domain)
    .replaceAll('EXAMPLE', controller.netbiosName)
    .replaceAll('svc-sallyport', 'svc-of-the-guide')
    .replaceAll('SECRET', SECRET)
    .replaceAll('PASSWORD', COMMON_PASSWORD)
}

/** PEM where the guide has a line of dots. */
function withPem(yaml: string, file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return yaml.replace(
    /^( +)-----BEGIN CERTIFICATE-----\n +\.\.\..*\n +-----END CERTIFICATE-----$/m,
    (_, indent: string) => lines.map((line) => `${indent}${line}`).join('\n'),
  )
}

export const GUIDE_CASE: LabCase<DirectoryHouse> = {
  name: 'the guide "Active Directory in ten minutes", followed as written',
  async run(house) {
    const { controller, member } = house.backends
    const folder = join(house.folder, 'guide')
    mkdirSync(folder)
    writeFileSync(join(folder, 'ad-ca.pem'), readFileSync(controller.ca.certificate))
    const { upn } = controller.person('alice')
    const { certificate, key } = house.certificate('alice-of-the-guide', {
      subjectAltName: `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${upn}`,
      sid: await sidOf(house, 'alice'),
    })
    writeFileSync(join(folder, 'alice.pem'), readFileSync(certificate))
    writeFileSync(join(folder, 'alice.key'), readFileSync(key))
    // As after a first start: a client of its own, and nothing of any directory.
    await house.server.apply(
      JSON.stringify({
        ...{ settings: { serverName: SERVER_NAME }, clients: [LOCAL_CLIENT] },
        sources: [{ name: 'local', kind: 'local' }],
        realms: [{ name: 'default', default: true, sources: ['local'] }],
        ...{ rules: [], profiles: [], trust: [], users: [] },
      }),
    )
    let ran = 0
    try {
      for (const { language, text } of blocks()) {
        const block = ours(house, text)
        const file = /^# (\S+\.yaml)$/m.exec(block)?.[1]
        if (language === 'yaml' && file !== undefined) {
          const pem = file === 'trust.yaml' ? house.clientCa.certificate : controller.ca.certificate
          const winbind = `directory: ad, configurationFile: ${member.configuration} }`
          writeFileSync(join(folder, file), withPem(block, pem).replace('directory: ad }', winbind))
        } else if (language === 'sh') {
          const isControllers = block.startsWith('# on the domain controller')
          await (isControllers ? controller.shell(block) : house.shell(block, folder))
        } else continue
        ran++
      }
      assert.equal(ran, 9, 'blocks of the guide')
      // Step 1 gave it the right to see password settings objects, which nobody has by default.
      const service = { name: `svc-of-the-guide@${controller.domain}`, password: 'Its-0wn-long-Passw0rd' }
      const objects = ['(objectClass=msDS-PasswordSettings)', 'msDS-LockoutThreshold']
      assert.match(await controller.searchAs(service, objects), /msDS-LockoutThreshold: 3/)
      assert.doesNotMatch(await controller.searchAs(controller.service, objects), /msDS-LockoutThreshold/)
    } finally {
      await house.serve()
    }
    return `${ran} blocks`
  },
}
