import type { ProfileInput } from '../../profile-input.ts'
import type { Section } from '../guide.ts'
import { say } from '../phrase.ts'
import { showsServer, usesCertificate } from './facts.ts'

/** Wi-Fi and wired 802.1X: how somebody sees that it worked. */
export function portWorks(kind: 'wifi' | 'wired', family: 'windows' | 'mac' | 'linux' | 'phone'): Section {
  const command = { windows: 'ipconfig', mac: 'ifconfig', linux: 'ip address', phone: undefined }[family]
  return {
    title: say('worksTitle'),
    blocks: [
      { kind: 'paragraph', say: kind === 'wifi' ? say('worksWifi') : say('worksWired') },
      ...(command === undefined
        ? []
        : [{ kind: 'steps', steps: [{ say: say('worksPortAddress'), command }] } as const]),
    ],
  }
}

/** 802.1X says little when it fails: what is seen is that it asks again, or that nothing happens. */
export function portErrors({ connection }: ProfileInput): Section {
  const { authentication } = connection
  return {
    title: say('errorsTitle'),
    blocks: [
      {
        kind: 'cures',
        rows: [
          ...(usesCertificate(authentication)
            ? [{ seen: say('seenNoCertificate'), cure: say('cure798') }]
            : [{ seen: say('seenAsksAgain'), cure: say('cure691') }]),
          ...(showsServer(authentication)
            ? [{ seen: say('seenServerQuestion'), cure: say('cureServerQuestion') }]
            : []),
          { seen: say('seenNoNetwork'), cure: say('cureNoNetwork') },
        ],
      },
    ],
  }
}
