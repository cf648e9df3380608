import type { PageTexts } from './texts.ts'

export const DE: PageTexts = {
  title: 'Verbindung einrichten',
  language: 'Sprache',
  connection: 'Verbindung',
  device: 'Ihr Gerät',
  once: 'Das geht einmal: Die Datei wird für Sie erzeugt, wenn Sie auf die Schaltfläche drücken. Geben Sie sie nicht weiter, denn wer sie hat, kann sich als Sie verbinden. Lassen Sie diese Seite offen, bis Sie verbunden sind.',
  thisDevice: 'Dieses Gerät',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  download: 'Datei für {system} holen',
  afterFile: 'Danach',
  next: {
    windows: [
      'Öffnen Sie die heruntergeladene Datei. Warnt Windows davor, wählen Sie „Weitere Informationen“ und „Trotzdem ausführen“.',
      'Fragt Windows, ob Änderungen an diesem Gerät vorgenommen werden dürfen, wählen Sie „Ja“. Das kann mehr als einmal geschehen.',
      'Wo ein Fenster nach einem Kennwort fragt, geben Sie das oben gezeigte ein; steht dort keines, Ihr eigenes.',
      'Warten Sie, bis das Fenster die Einrichtung als fertig meldet, und schließen Sie es.',
    ],
    apple: [
      'iPhone und iPad: Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“, dann auf „Installieren“, und geben Sie den Code des Geräts ein.',
      'Mac: Öffnen Sie die heruntergeladene Datei, dann die Systemeinstellungen; doppelklicken Sie unter „Profile“ (Geräteverwaltung) auf das Profil, klicken Sie auf „Installieren“ und geben Sie das Kennwort des Mac ein.',
      'Wo nach dem Kennwort des Zertifikats gefragt wird, geben Sie das oben gezeigte ein.',
    ],
    android: [
      'Installieren Sie zuerst die App „strongSwan VPN Client“ aus dem App-Store, falls Sie sie nicht haben.',
      'Öffnen Sie die heruntergeladene Datei mit dieser App, vergleichen Sie den Namen des Servers und tippen Sie auf „Importieren“.',
      'Fragt Android nach dem Kennwort des Zertifikats, geben Sie das oben gezeigte ein.',
    ],
    linux: [
      'Öffnen Sie ein Terminal im Ordner der Datei und führen Sie sie aus: sh DATEI.',
      'Sie fragt nach Ihrem Kennwort, wo sie Administratorrechte braucht (sudo), und nach dem der Verbindung, falls diese eines hat.',
    ],
  },
  byHand: 'Stattdessen von Hand einrichten',
  whyByHand:
    'Wenn die Datei nicht funktioniert oder nicht geöffnet werden darf: dieselben Einstellungen, Schritt für Schritt.',
  byFile: 'Zurück zur Datei',
  version: 'Welches haben Sie?',
  fetchOwn: 'Eigene Datei holen',
  fetchRoot: '{file} holen',
  password:
    'Notieren Sie dieses Kennwort: Sie werden danach gefragt, wenn Sie die Datei öffnen. Es wird nur hier gezeigt.',
  otherDevice: 'Um ein Telefon einzurichten, richten Sie dessen Kamera hierauf.',
  code: { title: 'Code eingeben', label: 'Code', button: 'Weiter' },
  login: { title: 'Anmelden', name: 'Benutzername', password: 'Kennwort', button: 'Anmelden' },
  help: 'Hilfe',
  gone: [
    'Das funktioniert nicht mehr',
    'Der Link oder Code ist falsch, wurde schon benutzt oder ist abgelaufen. Bitten Sie um einen neuen.',
  ],
  afterGone: [
    'Sie haben die Datei schon: Sie bleibt gültig. Öffnen Sie sie und machen Sie weiter; von hier brauchen Sie nichts mehr.',
    'Sie haben keine Datei oder brauchen eine für ein anderes Gerät: Bitten Sie um einen neuen Link oder Code.',
    'Sie haben nie eine Datei geholt: Sagen Sie es sofort dem Helpdesk. Vielleicht hat jemand anderes Ihren Link benutzt.',
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
