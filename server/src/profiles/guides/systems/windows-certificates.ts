import type { ProfileInput } from '../../profile-input.ts'
import type { Section, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { certificateSections as sectionsOf } from '../parts/certificate-sections.ts'
import { personalFile, rootFiles } from '../parts/facts.ts'
import { code, say, ui } from '../phrase.ts'

/** Where a certificate goes: from Windows 8 on its window asks, Windows 7 has to be told by a command. */
export function certificateSections(input: ProfileInput, asksForPlace: boolean): readonly Section[] {
  const roots = rootFiles(input).map(({ name }) => name)
  const own = personalFile(input)
  const rootSteps = asksForPlace ? roots.flatMap(byWindow) : roots.map(byCommand)
  return sectionsOf(rootSteps, own === undefined ? [] : personalSteps(own.name, asksForPlace))
}

function personalSteps(file: string, asksForPlace: boolean): readonly Step[] {
  return [
    { say: say('doubleClick', { file: code(file) }) },
    ...(asksForPlace ? [{ say: say('chooseThen', { option: ui(W.currentUser), button: ui(W.next) }) }] : []),
    { say: say('typePassword', { button: ui(W.next) }) },
    { say: say('chooseThen', { option: ui(W.automaticStore), button: ui(W.next) }) },
    { say: say('click', { button: ui(W.finish) }) },
  ]
}

function byWindow(file: string): readonly Step[] {
  return [
    { say: say('doubleClick', { file: code(file) }) },
    { say: say('click', { button: ui(W.installCertificate) }) },
    { say: say('chooseThen', { option: ui(W.localMachine), button: ui(W.next) }) },
    { say: say('chooseStore', { option: ui(W.followingStore), store: ui(W.trustedRoots) }) },
    { say: say('clickBoth', { first: ui(W.next), second: ui(W.finish) }) },
  ]
}

/** The name is made of letters, digits and hyphens of ASCII (file-name.ts). */
function byCommand(file: string): Step {
  return {
    say: say('runAsAdministrator', { program: ui(W.commandPrompt) }),
    command: `certutil -f -addstore Root "%USERPROFILE%\\Downloads\\${file}"`,
  }
}
