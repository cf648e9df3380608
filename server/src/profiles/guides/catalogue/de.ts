import type { Catalogue } from './index.ts'

/** German; addresses people as "Sie". */
export const DE: Catalogue = {
  vpnOn: 'VPN mit {system}',
  wifiOn: 'WLAN mit {system}',
  wiredOn: 'Kabelnetz (802.1X) mit {system}',
  dnsFor: 'DNS im VPN',
  windows10Classic: 'Windows 10 (Systemsteuerung)',
  windowsSignIn: 'dem Anmeldebildschirm von Windows',
  pageFor: '{connection} · {organization}',
  wordsMayDiffer: 'Schaltflächen und Menüs können in Ihrer Version des Systems etwas anders heißen.',
  beforeTitle: 'Bevor Sie beginnen',
  rootTitle: 'Stammzertifikat installieren',
  certificateTitle: 'Ihr Zertifikat installieren',
  setUpTitle: 'Verbindung einrichten',
  setUpByTitle: 'Verbindung über {tunnel} einrichten',
  connectTitle: 'Verbinden',
  serverTitle: 'Ist es der richtige Server?',
  worksTitle: 'Prüfen, ob es funktioniert',
  errorsTitle: 'Wenn es nicht funktioniert',
  helpTitle: 'Hilfe',
  onceTitle: 'Einmalig, durch einen Administrator des Computers',
  signInTitle: 'Am Anmeldebildschirm',
  oldSystemTitle: 'Dieses System ist veraltet',
  seen: 'Was Sie sehen',
  whatToDo: 'Was zu tun ist',
  firstWay: 'Nehmen Sie zuerst diesen Weg.',
  otherWay: 'Nehmen Sie diesen Weg nur, wo die oben nicht funktionieren.',

  needInternet: 'Das Gerät ist mit dem Internet verbunden: eine Webseite lässt sich öffnen.',
  needNearby: 'Sie sind dort, wo es das Netz gibt: in Reichweite des WLANs oder an der Netzwerkdose.',
  needPassword: 'Ihr Benutzername {user} und das Kennwort dazu.',
  needCertificateFile:
    'Ihr Zertifikat: die Datei {file}. Das Kennwort dazu bekommen Sie getrennt. Geben Sie beides nicht weiter.',
  needCertificateInstalled: 'Ihr Zertifikat; es ist auf diesem Gerät bereits vorhanden.',
  needCertificate: 'Ihr Zertifikat. Wenn Sie noch keines haben, wenden Sie sich an den Helpdesk.',
  needRoot: 'Die Datei {file}, die Sie mit dieser Seite bekommen haben.',

  warnPptp:
    'PPTP ist nicht sicher: Was jemand heute davon aufzeichnet, lässt sich lesen. Verwenden Sie es nur, wo nichts anderes geht, und übertragen Sie nichts Vertrauliches.',
  warnPreSharedKey:
    'Alle in der Organisation haben denselben vorinstallierten Schlüssel. Geben Sie ihn nicht weiter: Wer ihn hat, kann sich als Gateway ausgeben.',
  warnNoEncryption:
    'Diese Verbindung kann unverschlüsselt zustande kommen. Übertragen Sie nichts Vertrauliches.',
  warnServer:
    'Wenn ein Fenster fragt, ob Sie einem Server oder Zertifikat vertrauen, fahren Sie nur fort, wenn Name und Fingerabdruck genau so lauten. Brechen Sie sonst ab und rufen Sie den Helpdesk an. Schalten Sie die Prüfung nie aus.',
  warnOldSystem: '{system} bekommt keine Sicherheitsupdates mehr. Verwenden Sie es nur, bis es ersetzt ist.',

  yourUserName: 'Ihr Benutzername',
  yourPassword: 'Ihr Kennwort',
  yourCertificate: 'Ihr Zertifikat',
  secretInFile: 'steht in der Datei, die Sie abholen',
  leaveEmpty: 'leer lassen',
  ticked: 'angehakt',
  notTicked: 'nicht angehakt',
  serverName: 'Name des Servers',
  issuedBy: 'Ausgestellt von',
  fingerprintSha256: 'Fingerabdruck des Ausstellers (SHA-256)',
  fingerprintSha1: 'Fingerabdruck des Ausstellers (SHA-1)',

  open: 'Öffnen Sie {path}.',
  openTab: 'Öffnen Sie die Registerkarte {tab}.',
  click: 'Klicken Sie auf {button}.',
  clickBoth: 'Klicken Sie auf {first}, dann auf {second}.',
  clickBeside: 'Klicken Sie auf {object}, dann auf {button}.',
  clickNetworkIcon: 'Klicken Sie auf das Netzwerksymbol neben der Uhr.',
  chooseThen: 'Wählen Sie {option} und klicken Sie auf {button}.',
  ifAskedChoose: 'Wenn Sie gefragt werden, wählen Sie {option} und klicken Sie auf {button}.',
  chooseStore: 'Wählen Sie {option} und als Speicher {store}.',
  chooseOnTab: 'Öffnen Sie die Registerkarte {tab}, wählen Sie {option} und klicken Sie auf {button}.',
  chooseAndFill: 'Wählen Sie {option} und füllen Sie aus:',
  fillThenClick: 'Füllen Sie die Felder wie in der Tabelle aus und klicken Sie auf {button}.',
  fillPages:
    'Füllen Sie die nächsten Seiten wie in der Tabelle aus. Klicken Sie jeweils auf {button}, am Ende auf {finish}.',
  fillOnTab: 'Öffnen Sie die Registerkarte {tab} und stellen Sie ein:',
  fillAfter: 'Klicken Sie auf {button}, stellen Sie alles wie in der Tabelle ein und klicken Sie auf {ok}.',
  rightClick: 'Klicken Sie mit der rechten Maustaste auf {object}, dann auf {button}.',
  rightClickEthernet:
    'Klicken Sie mit der rechten Maustaste auf die Verbindung des Netzwerkkabels (Ethernet), dann auf {button}.',
  doubleClick: 'Doppelklicken Sie auf {file}.',
  closeAll: 'Schließen Sie alle Fenster mit {button}.',
  typePassword: 'Geben Sie das Kennwort der Datei ein und klicken Sie auf {button}.',
  typeNameAndPassword: 'Geben Sie {user} als Benutzernamen ein, dann Ihr Kennwort.',
  chooseOwnCertificate: 'Wenn nach einem Zertifikat gefragt wird, wählen Sie das mit Ihrem Namen.',
  runDialog:
    'Drücken Sie die Windows-Taste und R zusammen, geben Sie {command} ein und drücken Sie die Eingabetaste.',
  runIn: 'Öffnen Sie das Programm {program}, fügen Sie diese Zeile ein und drücken Sie die Eingabetaste:',
  runAsAdministrator:
    'Klicken Sie im Startmenü mit der rechten Maustaste auf {program} und führen Sie es als Administrator aus. Fügen Sie diese Zeile ein und drücken Sie die Eingabetaste:',
  runNext: 'Wiederholen Sie das mit dieser Zeile:',
  rootWhy:
    'An ihm erkennt das Gerät die Server Ihrer Organisation. Vergleichen Sie seinen Fingerabdruck mit dem unten, bevor Sie bestätigen.',
  joinWifi: 'Klicken Sie auf das Netzwerksymbol neben der Uhr, auf das Netz {network}, dann auf {button}.',
  plugCable: 'Stecken Sie das Netzwerkkabel ein.',
  onceByAdministrator:
    'Diese Schritte macht jemand mit Administratorrechten auf dem Computer. Danach steht die Verbindung auf dem Anmeldebildschirm.',
  signInNetwork:
    'Verbinden Sie den Computer mit dem Internet: per Kabel oder über ein WLAN, das er schon kennt.',
  signInIcon: 'Windows 8, 10 und 11: Klicken Sie unten rechts auf das Symbol {icon}.',
  signInIcon7:
    'Windows 7: Klicken Sie auf {button}, dann unten rechts auf das blaue Symbol mit zwei Computern.',
  signInChoose: 'Wählen Sie {connection}.',
  signInWindows: 'Warten Sie, bis die Verbindung steht; danach meldet Windows Sie darüber an.',

  worksAddressWindows: 'Unter {connection} ist eine IPv4-Adresse angegeben: Der Tunnel steht.',
  worksDns:
    'Fragen Sie nach einem Namen, den nur Ihre Organisation kennt. Steht in der Antwort eine Adresse, geht DNS durch den Tunnel:',
  worksWifi: 'Das Netz wird als verbunden angezeigt, und eine Webseite lässt sich öffnen.',
  worksWired: 'Das Netz wird als verbunden angezeigt, und eine Webseite lässt sich öffnen.',
  worksPortAddress:
    'Die Adresse Ihres Geräts sehen Sie, wenn Sie diese Zeile in ein Befehlsfenster einfügen:',

  errorsIntroWindows: 'Windows zeigt eine Nummer. Was sie hier bedeutet:',
  errorNumber: 'Fehler {number}',
  seenAsksAgain: 'Name und Kennwort werden immer wieder verlangt',
  seenNoCertificate: 'Es wird kein Zertifikat gefunden, oder Ihres wird abgelehnt',
  seenServerQuestion: 'Sie werden gefragt, ob Sie dem Server vertrauen',
  seenNoNetwork: '„Verbindung nicht möglich“, oder es geschieht nichts',
  cure691:
    'Benutzername oder Kennwort ist falsch. Geben Sie beides neu ein und achten Sie auf Großbuchstaben. Wenn Sie Ihr Kennwort kürzlich geändert haben, löschen Sie das gespeicherte.',
  cure812:
    'Der Server hat die Anmeldung abgelehnt: Vielleicht sind Sie nicht in der nötigen Gruppe, oder die Verbindung ist anders eingestellt. Gehen Sie die Schritte noch einmal durch und rufen Sie dann den Helpdesk an.',
  cure868:
    'Der Name des Servers wurde nicht gefunden. Prüfen Sie, ob das Internet funktioniert und der Name genau stimmt.',
  cure809:
    'Der Server hat nicht geantwortet. Vielleicht sperrt das Netz, in dem Sie sind, VPN: Versuchen Sie ein anderes, etwa den Hotspot Ihres Telefons.',
  cure789:
    'Der vorinstallierte Schlüssel stimmt nicht, oder Ihr Router ist im Weg. Kopieren Sie den Schlüssel neu; versuchen Sie dann ein anderes Netz.',
  cure13801:
    'Das Zertifikat des Servers wurde nicht angenommen. Prüfen Sie, ob der Servername genau stimmt und das Stammzertifikat installiert ist.',
  cure13868:
    'Gerät und Server haben keine gemeinsame Verschlüsselung gefunden. Führen Sie die PowerShell-Zeile aus den Schritten noch einmal aus.',
  cureSstpReset: 'Die Verbindung wurde abgeschnitten, oft durch einen Proxy. Versuchen Sie ein anderes Netz.',
  curePptp: 'Das Netz, in dem Sie sind, lässt PPTP nicht durch. Versuchen Sie ein anderes Netz.',
  cure798:
    'Es gibt kein passendes Zertifikat von Ihnen, oder es ist abgelaufen. Installieren Sie Ihr Zertifikat oder bitten Sie den Helpdesk um ein neues.',
  cure766: 'Der Computer hat kein eigenes Zertifikat. Der Helpdesk installiert eines.',
  cureServerQuestion:
    'Vergleichen Sie Name und Fingerabdruck mit der Tabelle weiter unten. Weicht etwas ab, brechen Sie ab und rufen Sie den Helpdesk an.',
  cureNoNetwork:
    'Entfernen Sie das gespeicherte Netz, gehen Sie die Schritte noch einmal durch und vergleichen Sie jeden Wert.',

  iphoneAndIpad: 'iPhone und iPad',
  onSystem: 'Unter {system}',
  profileTitle: 'Schneller: mit einer Datei',
  versionTitle: 'Für welche Version',
  appTitle: 'Zur App',
  filesTitle: 'Dateien aufbewahren',
  dnsValuesTitle: 'Was DNS wissen muss',
  warnForeignApp:
    'Android selbst hat kein SSTP. {app} ist eine App von anderen, die Ihre Organisation nicht betreut. Installieren Sie sie nur aus dem App-Store.',
  switchedOn: 'ein',
  switchedOff: 'aus',
  yourKey: 'der private Schlüssel Ihres Zertifikats',
  keyPassword: 'das Kennwort der Datei',
  dnsServer: 'DNS-Server',
  dnsSuffixField: 'Domäne der Organisation',
  dnsRule: 'Namen von {suffix} fragen bei',
  dnsAsElsewhere: 'dem üblichen DNS-Server',
  profileInstead:
    'Wenn Sie eine Datei bekommen haben, die auf {ending} endet, richtet sie alles ein: Führen Sie diese Schritte aus und fahren Sie bei „Verbinden“ fort.',
  doubleClickEnding: 'Doppelklicken Sie auf die Datei, die auf {ending} endet.',
  tapEnding: 'Tippen Sie auf die Datei, die auf {ending} endet.',
  doubleClickProfile: 'Doppelklicken Sie auf das Profil Ihrer Organisation, dann klicken Sie auf {button}.',
  tapProfile: 'Tippen Sie auf das geladene Profil, dann auf {button}. Das Gerät fragt nach seinem Code.',
  importInApp: 'Vergleichen Sie den Namen des Servers, dann tippen Sie auf {button}.',
  tapFile: 'Tippen Sie auf {file}.',
  tap: 'Tippen Sie auf {button}.',
  tapPlus: 'Tippen Sie auf das Pluszeichen.',
  tapBeside: 'Tippen Sie auf {object}, dann auf {button}.',
  tapInApp: 'Öffnen Sie die App und tippen Sie auf {connection}.',
  tapNetwork: 'Tippen Sie auf das Netz {network}.',
  fillThenTap: 'Füllen Sie die Felder wie in der Tabelle aus und tippen Sie auf {button}.',
  fillInApp: 'Füllen Sie die Felder wie in der Tabelle aus:',
  fillWhatIsAsked: 'Füllen Sie aus, wonach gefragt wird:',
  installApp: 'Installieren Sie {app} aus dem App-Store und öffnen Sie die App.',
  inApp: 'In {app}:',
  switchOn: 'Schalten Sie {connection} ein.',
  typeFilePassword: 'Geben Sie das Kennwort der Datei ein.',
  openAndChoose: 'Öffnen Sie {path} und wählen Sie {network}.',
  openAndSwitchOn: 'Öffnen Sie {path} und schalten Sie das Zertifikat ein.',
  openAndPick: 'Öffnen Sie {path} und wählen Sie die Datei {file}.',
  openAndSet: 'Öffnen Sie {path} und stellen Sie ein:',
  openGear: 'Öffnen Sie {path} und klicken Sie auf das Zahnrad neben der Verbindung.',
  openCorner: 'Öffnen Sie das Menü oben rechts, dann {vpn}.',
  ifAskedKeychain: 'Wenn nach einem Schlüsselbund gefragt wird, wählen Sie {keychain}.',
  keychainTrust:
    'Doppelklicken Sie in {program} auf das Zertifikat, öffnen Sie {trust}, wählen Sie {always}, schließen Sie das Fenster und geben Sie das Kennwort des Mac ein.',
  appleCompare:
    'Klicken Sie auf {show}, wenn ein Zertifikat angezeigt wird, vergleichen Sie es mit der Tabelle unten und klicken Sie erst dann auf {go}.',
  appleTrust:
    'Vergleichen Sie das angezeigte Zertifikat mit der Tabelle unten und tippen Sie erst dann auf {trust}.',
  clickPlusChoose: 'Klicken Sie auf das Pluszeichen, dann auf {option}.',
  chooseAndGoOn: 'Wählen Sie {option} und fahren Sie fort.',
  panelIcon: 'Klicken Sie auf das Netzwerksymbol in der Leiste, dann auf {path}.',
  panelIconRight:
    'Klicken Sie mit der rechten Maustaste auf das Netzwerksymbol in der Leiste, dann auf {path}.',
  panelNetwork: 'Klicken Sie auf das Netzwerksymbol in der Leiste, dann auf das Netz {network}.',
  doubleClickWired: 'Doppelklicken Sie auf die Verbindung unter {kind}.',
  keepFile:
    'Verschieben Sie {file} in einen Ordner, in dem die Datei bleibt: Die Verbindung braucht sie jedes Mal.',
  androidUpTo11:
    'Für Android 11 und älter. Mit Android 12 und neuer lässt sich L2TP nicht mehr einrichten: Nehmen Sie dort IKEv2.',
  androidFrom11: 'Für Android 11 und neuer. Auf älteren nehmen Sie die App strongSwan.',
  dnsWhy:
    'Die Namen Ihrer Organisation kennen nur deren eigene DNS-Server. Solange das VPN steht, muss das Gerät sie fragen.',
  dnsByProfile:
    'Von Hand lässt sich DNS für ein VPN hier nicht einstellen: Das Gateway teilt es mit, oder die Datei, die auf {ending} endet, bringt es mit.',
  testIn:
    'Verbinden Sie sich, öffnen Sie das Programm {program} und führen Sie diese Zeile aus. In der Antwort muss eine Adresse stehen:',
  testOld: 'Diese Zeile zeigt, welcher DNS-Server antwortet. In {program}:',
  testRules: 'Diese Zeile zeigt, welcher Server für welche Namen gefragt wird. In {program}:',
  testServers: 'Diese Zeile zeigt die DNS-Server jeder Verbindung. In {program}:',
  worksStatus:
    'Die Verbindung wird als verbunden angezeigt. In ihren Details steht die Adresse, die Ihr Gerät bekommen hat.',
  worksDnsTerminal:
    'Öffnen Sie ein Terminal und fragen Sie nach einem Namen, den nur Ihre Organisation kennt. Steht in der Antwort eine Adresse, geht DNS durch den Tunnel:',
  worksInsidePage:
    'Öffnen Sie eine Seite von {name}, die es nur innen gibt. Öffnet sie sich, geht DNS durch den Tunnel.',
  seenNoAnswer: 'Der Server antwortet nicht',
  seenNotAuthenticated: '„Authentifizierung fehlgeschlagen“, oder es wird wieder nach dem Kennwort gefragt',
  seenServerNotTrusted: 'Dem Server oder seinem Zertifikat wird nicht vertraut',
  seenTunnelFails: 'Es scheitert, bevor nach einem Kennwort gefragt wird',
  seenRefused: 'Die Verbindung wird sofort wieder getrennt',
  seenNameNotFound: 'Ein Name der Organisation wird nicht gefunden',
  seenOnlyBrowser: 'Im Test geht es, im Browser nicht',
  seenOldAddress: 'Ein Name führt zu einer alten Adresse',
  cureNameNotFound:
    'Prüfen Sie, ob das VPN steht, trennen und verbinden Sie es neu. Vergleichen Sie dann die DNS-Server mit der Tabelle oben.',
  cureOnlyBrowser:
    'Der Browser fragt einen eigenen DNS-Server. Schalten Sie in seinen Einstellungen „Sicheres DNS“ (DNS über HTTPS) aus.',
  cureOldAddress: 'Das Gerät merkt sich alte Antworten. Starten Sie es neu.',

  helpIntro:
    'Nennen Sie dem Helpdesk den Namen der Verbindung, die Uhrzeit und den Wortlaut oder die Nummer des Fehlers.',
  helpName: '{name}',
  helpPhone: 'Telefon: {phone}',
  helpEmail: 'E-Mail: {email}',
  helpUrl: 'Internet: {url}',
}
