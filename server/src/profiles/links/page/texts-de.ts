import type { PageTexts } from './texts.ts'

export const DE: PageTexts = {
  title: 'Verbindung einrichten',
  choose: 'Wählen Sie Ihr Gerät. Die Datei wird für Sie erzeugt, wenn Sie auf die Schaltfläche drücken.',
  once: 'Das geht einmal. Geben Sie die Datei nicht weiter: Wer sie hat, kann sich als Sie verbinden.',
  thisDevice: 'Dieses Gerät',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  next: {
    windows: [
      'Öffnen Sie die heruntergeladene Datei. Warnt Windows davor, wählen Sie „Weitere Informationen“ und „Trotzdem ausführen“.',
      'Warten Sie, bis das Fenster die Einrichtung als fertig meldet, und verbinden Sie sich über das Netzwerksymbol.',
    ],
    apple: [
      'iPhone und iPad: Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“ und installieren Sie es.',
      'Mac: Öffnen Sie die heruntergeladene Datei, dann die Systemeinstellungen, und installieren Sie es unter „Profile“ (Geräteverwaltung).',
    ],
    android: [
      'Installieren Sie zuerst die App „strongSwan VPN Client“, falls Sie sie nicht haben.',
      'Öffnen Sie die heruntergeladene Datei mit dieser App und importieren Sie sie.',
    ],
    linux: ['Öffnen Sie ein Terminal im Ordner der Datei und führen Sie sie aus: sh DATEI.'],
  },
  password: 'Notieren Sie dieses Kennwort: Sie werden danach gefragt, wenn Sie die Datei öffnen.',
  otherDevice: 'Um ein Telefon einzurichten, richten Sie dessen Kamera hierauf.',
  code: { title: 'Code eingeben', label: 'Code', button: 'Weiter' },
  login: { title: 'Anmelden', name: 'Benutzername', password: 'Kennwort', button: 'Anmelden' },
  help: 'Hilfe',
  gone: [
    'Das funktioniert nicht mehr',
    'Der Link oder Code ist falsch, wurde schon benutzt oder ist abgelaufen. Bitten Sie um einen neuen.',
  ],
  wait: ['Bitte warten', 'Versuchen Sie es in {seconds} Sekunden wieder.'],
  approval: [
    'Das braucht eine Genehmigung',
    'Zuerst muss die Administration zustimmen. Nichts wurde verbraucht: Ihr Link gilt danach noch.',
  ],
  refused: [
    'Das kann für Sie gerade nicht eingerichtet werden',
    'Fragen Sie den Helpdesk; dort ist der Grund zu sehen. Nichts wurde verbraucht.',
  ],
  wrong: [
    'Das hat nicht geklappt',
    'Name oder Kennwort ist falsch, oder das Konto wird gerade nicht zugelassen.',
  ],
  nothing: [
    'Hier gibt es nichts für Sie',
    'Ihr Konto darf keine Verbindung abholen. Fragen Sie den Helpdesk.',
  ],
  unavailable: [
    'Gerade nicht',
    'Etwas, das dafür nötig ist, antwortet nicht. Versuchen Sie es in einigen Minuten wieder.',
  ],
  mail: {
    subject: 'Ihre Verbindung: {connections}',
    text: 'Guten Tag {person},\n\ndieser Link richtet {connections} auf Ihrem Gerät ein:\n\n{url}\n\nEr gilt einmal, bis {until}. Geben Sie ihn nicht weiter: Wer ihn hat, kann sich als Sie verbinden.\nHaben Sie diese Nachricht nicht erwartet, sagen Sie es dem Helpdesk.\n',
  },
}
