import type { PageTexts } from './texts.ts'

export const EN: PageTexts = {
  title: 'Set up your connection',
  choose: 'Choose your device. The file is made for you when you press the button.',
  once: 'This works once. Do not pass the file on: whoever has it can connect as you.',
  thisDevice: 'This device',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  next: {
    windows: [
      'Open the downloaded file. If Windows warns of it, choose "More info" and "Run anyway".',
      'Wait until it says that it is done, then connect by the network icon.',
    ],
    apple: [
      'iPhone and iPad: open Settings, tap "Profile Downloaded" and install it.',
      'Mac: open the downloaded file, then System Settings, and install it under "Profiles" (Device Management).',
    ],
    android: [
      'Install the app "strongSwan VPN Client" first, if you do not have it.',
      'Open the downloaded file with that app and import it.',
    ],
    linux: ['Open a terminal in the folder of the file and run it: sh FILE.'],
  },
  password: 'Write this password down: you are asked for it when you open the file.',
  otherDevice: 'To set up a phone, point its camera here.',
  code: { title: 'Enter your code', label: 'Code', button: 'Continue' },
  login: { title: 'Log in', name: 'User name', password: 'Password', button: 'Log in' },
  help: 'Help',
  gone: [
    'This does not work any more',
    'The link or code is wrong, was used already, or has expired. Ask for a new one.',
  ],
  wait: ['Please wait', 'Try again in {seconds} seconds.'],
  approval: [
    'This needs an approval',
    'An administrator has to approve it first. Nothing was used up: your link still works after that.',
  ],
  refused: ['This cannot be set up for you now', 'Ask the help desk; they see why. Nothing was used up.'],
  wrong: ['That did not work', 'The name or the password is wrong, or the account is not let in now.'],
  nothing: ['There is nothing for you here', 'Your account may fetch no connection. Ask the help desk.'],
  unavailable: ['Not now', 'Something this needs does not answer. Try again in a few minutes.'],
  mail: {
    subject: 'Your connection: {connections}',
    text: 'Hello {person},\n\nthis link sets up {connections} on your device:\n\n{url}\n\nIt works once, until {until}. Do not pass it on: whoever has it can connect as you.\nIf you did not expect this mail, tell the help desk.\n',
  },
}
