import type { PageTexts } from './texts.ts'

export const EN: PageTexts = {
  title: 'Set up your connection',
  language: 'Language',
  connection: 'Connection',
  device: 'Your device',
  once: 'This works once: the file is made for you when you press the button. Do not pass it on, for whoever has it can connect as you. Keep this page open until you are connected.',
  thisDevice: 'This device',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  download: 'Fetch the file for {system}',
  afterFile: 'Then',
  next: {
    windows: [
      'Open the downloaded file. If Windows warns of it, choose "More info" and "Run anyway".',
      'If Windows asks whether changes may be made to this device, choose "Yes". It may ask more than once.',
      'Where a window asks for a password, type the one that is shown above; if none is shown there, your own.',
      'Wait until the window says that it is done, then close it.',
    ],
    apple: [
      'iPhone and iPad: open Settings, tap "Profile Downloaded", then "Install", and type the passcode of the device.',
      'Mac: open the downloaded file, then System Settings; double-click the profile under "Profiles" (Device Management), click "Install" and type the password of the Mac.',
      'Where it asks for the password of the certificate, type the one that is shown above.',
    ],
    android: [
      'Install the app "strongSwan VPN Client" from the app store first, if you do not have it.',
      'Open the downloaded file with that app, compare the name of the server, and tap "Import".',
      'If Android asks for the password of the certificate, type the one that is shown above.',
    ],
    linux: [
      'Open a terminal in the folder of the file and run it: sh FILE.',
      'It asks for your password where it needs the rights of an administrator (sudo), and for that of the connection if it has one.',
    ],
  },
  byHand: 'Set it up by hand instead',
  whyByHand: 'Where the file does not work, or may not be opened: the same settings, step by step.',
  byFile: 'Back to the file',
  version: 'Which one do you have?',
  fetchOwn: 'Fetch your own file',
  fetchRoot: 'Fetch {file}',
  password: 'Write this password down: you are asked for it when you open the file. It is shown only here.',
  otherDevice: 'To set up a phone, point its camera here.',
  code: { title: 'Enter your code', label: 'Code', button: 'Continue' },
  login: { title: 'Log in', name: 'User name', password: 'Password', button: 'Log in' },
  help: 'Help',
  gone: [
    'This does not work any more',
    'The link or code is wrong, was used already, or has expired. Ask for a new one.',
  ],
  afterGone: [
    'You have the file already: it stays good. Open it and go on; you need nothing more from here.',
    'You have no file, or need one for another device: ask for a new link or code.',
    'You never fetched a file: tell the help desk at once. Somebody else may have used your link.',
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
