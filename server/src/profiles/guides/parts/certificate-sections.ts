import type { Section, Step } from '../guide.ts'
import { say } from '../phrase.ts'

/** What a device has to have before: roots, and the person's certificate; no section where there is nothing to do. */
export function certificateSections(roots: readonly Step[], personal: readonly Step[]): readonly Section[] {
  const sections: Section[] = []
  if (roots.length > 0) {
    const blocks = [
      { kind: 'paragraph', say: say('rootWhy') },
      { kind: 'steps', steps: roots },
    ] as const
    sections.push({ title: say('rootTitle'), blocks })
  }
  if (personal.length > 0) {
    sections.push({ title: say('certificateTitle'), blocks: [{ kind: 'steps', steps: personal }] })
  }
  return sections
}
