/**
 * What every guide says. Words for people of an organisation: short sentences, one thing to do in each. `{name}` is a hole;
 * what stands on buttons comes from `labels/`, never from here. The other languages have the same keys (`index.ts`).
 */
export const EN = {
  // Titles and what every page has
  vpnOn: 'VPN on {system}',
  wifiOn: 'Wi-Fi on {system}',
  wiredOn: 'Wired network (802.1X) on {system}',
  dnsFor: 'DNS for VPN',
  windows10Classic: 'Windows 10 (Control Panel)',
  windowsSignIn: 'the sign-in screen of Windows',
  pageFor: '{connection} · {organization}',
  wordsMayDiffer: 'Names of buttons and menus may differ a little in your version of the system.',
  beforeTitle: 'Before you begin',
  rootTitle: 'Install the root certificate',
  certificateTitle: 'Install your certificate',
  setUpTitle: 'Set up the connection',
  setUpByTitle: 'Set up the connection by {tunnel}',
  connectTitle: 'Connect',
  serverTitle: 'Is it the right server?',
  worksTitle: 'See that it works',
  errorsTitle: 'If it does not work',
  helpTitle: 'Help',
  onceTitle: 'Once, by an administrator of the computer',
  signInTitle: 'At the sign-in screen',
  oldSystemTitle: 'This system is out of date',
  seen: 'What you see',
  whatToDo: 'What to do',
  firstWay: 'Take this way first.',
  otherWay: 'Take this way only where the ones above do not work.',

  // What has to be at hand
  needInternet: 'The device is connected to the Internet: a website opens.',
  needNearby: 'You are where the network is: in reach of the Wi-Fi, or at the network socket.',
  needPassword: 'User name {user} and its password.',
  needCertificateFile: 'Your certificate: the file {file}. You get its password separately. Pass neither on.',
  needCertificateInstalled: 'Your certificate, which is on this device already.',
  needCertificate: 'Your certificate. If you have none yet, ask the help desk for one.',
  needRoot: 'The file {file}, which came with this page.',

  // Warnings
  warnPptp:
    'PPTP is not safe: what somebody records of it today can be read. Use it only where nothing else works, and send nothing secret through it.',
  warnPreSharedKey:
    'Everybody in the organisation has the same pre-shared key. Do not pass it on: who has it can pretend to be the gateway.',
  warnNoEncryption: 'This connection may come up without encryption. Send nothing secret through it.',
  warnServer:
    'If a window asks whether you trust a server or a certificate, go on only if name and fingerprint are exactly these. Otherwise cancel and call the help desk. Never switch the check off.',
  warnOldSystem: '{system} gets no security updates any more. Use it only until it is replaced.',

  // Fields
  yourUserName: 'your user name',
  yourPassword: 'your password',
  yourCertificate: 'your certificate',
  secretInFile: 'stands in the file that you fetch',
  leaveEmpty: 'leave empty',
  ticked: 'ticked',
  notTicked: 'not ticked',
  serverName: 'Name of the server',
  issuedBy: 'Issued by',
  fingerprintSha256: 'Fingerprint of the issuer (SHA-256)',
  fingerprintSha1: 'Fingerprint of the issuer (SHA-1)',

  // What to do
  open: 'Open {path}.',
  openTab: 'Open the tab {tab}.',
  click: 'Click {button}.',
  clickBoth: 'Click {first}, then {second}.',
  clickBeside: 'Click {object}, then {button}.',
  clickNetworkIcon: 'Click the network icon near the clock.',
  chooseThen: 'Choose {option}, then click {button}.',
  ifAskedChoose: 'If you are asked, choose {option}, then click {button}.',
  chooseStore: 'Choose {option}, and as store {store}.',
  chooseOnTab: 'Open the tab {tab}, choose {option}, then click {button}.',
  chooseAndFill: 'Choose {option} and fill in:',
  fillThenClick: 'Fill in as in the table, then click {button}.',
  fillPages:
    'Fill in what the next pages ask for, as in the table. Click {button} each time, and {finish} at the end.',
  fillOnTab: 'Open the tab {tab} and set:',
  fillAfter: 'Click {button}, set as in the table, then click {ok}.',
  rightClick: 'Right-click {object}, then click {button}.',
  rightClickEthernet: 'Right-click the connection of the network cable (Ethernet), then click {button}.',
  doubleClick: 'Double-click {file}.',
  closeAll: 'Close all windows with {button}.',
  typePassword: 'Type the password of the file, then click {button}.',
  typeNameAndPassword: 'Type {user} as user name, and your password.',
  chooseOwnCertificate: 'If you are asked for a certificate, choose the one with your name.',
  runDialog: 'Press the Windows key and R together, type {command} and press Enter.',
  runIn: 'Open {program}, copy this line into it and press Enter:',
  runAsAdministrator:
    'Right-click {program} in the Start menu, choose to run it as administrator, copy this line into it and press Enter:',
  runNext: 'Do the same with this line:',
  rootWhy:
    'By it the device knows the servers of your organisation. Compare its fingerprint with the one below before you confirm.',
  joinWifi: 'Click the network icon near the clock, then the network {network}, then {button}.',
  plugCable: 'Plug the network cable in.',
  onceByAdministrator:
    'Somebody with administrator rights on the computer does these steps. After that the connection stands on the sign-in screen.',
  signInNetwork: 'Connect the computer to the Internet: by cable, or by a Wi-Fi it knows.',
  signInIcon: 'Windows 8, 10 and 11: click the icon {icon} at the bottom right.',
  signInIcon7: 'Windows 7: click {button}, then the blue icon of two computers at the bottom right.',
  signInChoose: 'Choose {connection}.',
  signInWindows: 'Wait until the connection is up; then Windows signs you in by it.',

  // How it is seen
  worksAddressWindows: 'Under {connection} there is an IPv4 address: the tunnel is up.',
  worksDns:
    'Ask for a name that only your organisation knows. An address in the answer means that DNS goes through the tunnel:',
  worksWifi: 'The network is shown as connected, and a website opens.',
  worksWired: 'The network is shown as connected, and a website opens.',
  worksPortAddress: 'To see the address of your device, copy this line into a window for commands:',

  // What goes wrong
  errorsIntroWindows: 'Windows shows a number. What it means here:',
  errorNumber: 'Error {number}',
  seenAsksAgain: 'It asks for name and password again and again',
  seenNoCertificate: 'It finds no certificate, or yours is refused',
  seenServerQuestion: 'It asks whether you trust the server',
  seenNoNetwork: 'It says "cannot connect", or nothing happens',
  cure691:
    'User name or password is wrong. Type both anew; mind capital letters. If you changed your password lately, delete the saved one.',
  cure812:
    'The server did not let you in: perhaps you are not in the group for it, or the connection is set up differently. Go through the steps again, then call the help desk.',
  cure868:
    'The name of the server was not found. Look whether the Internet works and whether the name is typed exactly.',
  cure809:
    'The server did not answer. The network you are in may block VPN: try another one, such as the hotspot of your phone.',
  cure789:
    'The pre-shared key is not right, or your router is in the way. Copy the key anew; then try another network.',
  cure13801:
    'The certificate of the server was not accepted. Look whether the server name is typed exactly and the root certificate is installed.',
  cure13868: 'Device and server found no common encryption. Run the line of PowerShell of the steps again.',
  cureSstpReset: 'The connection was cut off, often by a proxy. Try another network.',
  curePptp: 'The network you are in does not let PPTP through. Try another network.',
  cure798:
    'There is no certificate of yours that fits, or it has expired. Install your certificate, or ask the help desk for a new one.',
  cure766: 'The computer has no certificate of its own. The help desk installs one.',
  cureServerQuestion:
    'Compare name and fingerprint with the table further down. If anything differs, cancel and call the help desk.',
  cureNoNetwork: 'Remove the saved network, go through the steps again, and compare every value.',

  // Other systems than Windows, and DNS
  iphoneAndIpad: 'iPhone and iPad',
  onSystem: 'On {system}',
  profileTitle: 'Quicker: by a file',
  versionTitle: 'For which version',
  appTitle: 'About the app',
  filesTitle: 'Keep the files',
  dnsValuesTitle: 'What DNS needs to know',
  warnForeignApp:
    'Android has no SSTP of its own. {app} is an app of somebody else, and your organisation does not look after it. Install it from the app store alone.',
  switchedOn: 'on',
  switchedOff: 'off',
  yourKey: 'the private key of your certificate',
  keyPassword: 'the password of the file',
  dnsServer: 'DNS server',
  dnsSuffixField: 'Domain of the organisation',
  dnsRule: 'Names of {suffix} are asked of',
  dnsAsElsewhere: 'the usual DNS server',
  profileInstead:
    'If you got a file that ends in {ending}, it sets everything up: do these steps, and go on with "Connect".',
  doubleClickEnding: 'Double-click the file that ends in {ending}.',
  tapEnding: 'Tap the file that ends in {ending}.',
  doubleClickProfile: 'Double-click the profile of your organisation, then click {button}.',
  tapProfile: 'Tap the downloaded profile, then {button}. The device asks for its passcode.',
  importInApp: 'Compare the name of the server, then tap {button}.',
  tapFile: 'Tap {file}.',
  tap: 'Tap {button}.',
  tapPlus: 'Tap the plus sign.',
  tapBeside: 'Tap {object}, then {button}.',
  tapInApp: 'Open the app and tap {connection}.',
  tapNetwork: 'Tap the network {network}.',
  fillThenTap: 'Fill in as in the table, then tap {button}.',
  fillInApp: 'Fill in as in the table:',
  fillWhatIsAsked: 'Fill in what is asked for:',
  installApp: 'Install {app} from the app store and open it.',
  inApp: 'In {app}:',
  switchOn: 'Switch {connection} on.',
  typeFilePassword: 'Type the password of the file.',
  openAndChoose: 'Open {path} and choose {network}.',
  openAndSwitchOn: 'Open {path} and switch the certificate on.',
  openAndPick: 'Open {path} and pick the file {file}.',
  openAndSet: 'Open {path} and set:',
  openGear: 'Open {path} and click the gear beside the connection.',
  openCorner: 'Open the menu in the top right corner, then {vpn}.',
  ifAskedKeychain: 'If you are asked for a keychain, choose {keychain}.',
  keychainTrust:
    'In {program}, double-click the certificate, open {trust}, choose {always}, close the window and type the password of the Mac.',
  appleCompare:
    'Click {show} when a certificate is shown, compare it with the table below, and only then click {go}.',
  appleTrust: 'Compare the certificate that is shown with the table below, and only then tap {trust}.',
  clickPlusChoose: 'Click the plus sign, then {option}.',
  chooseAndGoOn: 'Choose {option} and go on.',
  panelIcon: 'Click the network icon in the panel, then {path}.',
  panelIconRight: 'Right-click the network icon in the panel, then click {path}.',
  panelNetwork: 'Click the network icon in the panel, then the network {network}.',
  doubleClickWired: 'Double-click the connection below {kind}.',
  keepFile: 'Move {file} into a folder where it stays: the connection needs it each time.',
  androidUpTo11:
    'For Android 11 and older. Android 12 and newer cannot set up L2TP any more: use IKEv2 there.',
  androidFrom11: 'For Android 11 and newer. On older ones use the strongSwan app.',
  dnsWhy:
    'The names of your organisation are known only to its own DNS servers. The device has to ask them while the VPN is up.',
  dnsByProfile:
    'By hand DNS cannot be set for a VPN here: the gateway tells it, or the file that ends in {ending} brings it.',
  testIn: 'Connect, open {program} and run this line. There has to be an address in the answer:',
  testOld: 'This line shows which DNS server answers. In {program}:',
  testRules: 'This line shows which server is asked for which names. In {program}:',
  testServers: 'This line lists the DNS servers of each connection. In {program}:',
  worksStatus: 'The connection is shown as connected. Its details show the address your device got.',
  worksDnsTerminal:
    'Open a terminal and ask for a name that only your organisation knows. An address in the answer means that DNS goes through the tunnel:',
  worksInsidePage: 'Open a page of {name} that exists only inside. If it opens, DNS goes through the tunnel.',
  seenNoAnswer: 'The server does not answer',
  seenNotAuthenticated: '"Authentication failed", or it asks for the password again',
  seenServerNotTrusted: 'The server or its certificate is not trusted',
  seenTunnelFails: 'It fails before it asks for a password',
  seenRefused: 'It connects and is cut off at once',
  seenNameNotFound: 'A name of the organisation is not found',
  seenOnlyBrowser: 'It works in the test, but not in the browser',
  seenOldAddress: 'A name leads to an old address',
  cureNameNotFound:
    'Look whether the VPN is up, disconnect it and connect again. Then compare the DNS servers with the table above.',
  cureOnlyBrowser:
    'The browser asks a DNS server of its own. Switch "secure DNS" (DNS over HTTPS) off in its settings.',
  cureOldAddress: 'The device remembers old answers. Restart it.',

  // Help
  helpIntro:
    'Tell the help desk the name of the connection, the time, and the words or the number of the error.',
  helpName: '{name}',
  helpPhone: 'Telephone: {phone}',
  helpEmail: 'E-mail: {email}',
  helpUrl: 'Web: {url}',
} as const
