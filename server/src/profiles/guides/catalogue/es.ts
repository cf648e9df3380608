import type { Catalogue } from './index.ts'

/** Spanish; addresses people as "usted". */
export const ES: Catalogue = {
  vpnOn: 'VPN en {system}',
  wifiOn: 'Wi-Fi en {system}',
  wiredOn: 'Red por cable (802.1X) en {system}',
  dnsFor: 'DNS para la VPN',
  windows10Classic: 'Windows 10 (Panel de control)',
  windowsSignIn: 'la pantalla de inicio de sesión de Windows',
  pageFor: '{connection} · {organization}',
  wordsMayDiffer: 'Los nombres de botones y menús pueden variar un poco en su versión del sistema.',
  beforeTitle: 'Antes de empezar',
  rootTitle: 'Instale el certificado raíz',
  certificateTitle: 'Instale su certificado',
  setUpTitle: 'Configure la conexión',
  setUpByTitle: 'Configure la conexión por {tunnel}',
  connectTitle: 'Conéctese',
  serverTitle: '¿Es el servidor correcto?',
  worksTitle: 'Compruebe que funciona',
  errorsTitle: 'Si no funciona',
  helpTitle: 'Ayuda',
  onceTitle: 'Una sola vez, por un administrador del equipo',
  signInTitle: 'En la pantalla de inicio de sesión',
  oldSystemTitle: 'Este sistema está obsoleto',
  seen: 'Lo que ve',
  whatToDo: 'Qué hacer',
  firstWay: 'Use primero esta forma.',
  otherWay: 'Use esta forma solo donde no funcionen las anteriores.',

  needInternet: 'El dispositivo está conectado a Internet: se abre una página web.',
  needNearby: 'Está donde existe la red: al alcance de la Wi-Fi o junto a la toma de red.',
  needPassword: 'El nombre de usuario {user} y su contraseña.',
  needCertificateFile:
    'Su certificado: el archivo {file}. Su contraseña la recibe por separado. No los comparta con nadie.',
  needCertificateInstalled: 'Su certificado, que ya está en este dispositivo.',
  needCertificate: 'Su certificado. Si todavía no tiene ninguno, pídalo al servicio de asistencia.',
  needRoot: 'El archivo {file}, que ha recibido con esta página.',

  warnPptp:
    'PPTP no es seguro: lo que alguien grabe hoy se puede leer. Úselo solo donde no funcione otra cosa y no envíe nada confidencial.',
  warnPreSharedKey:
    'Toda la organización tiene la misma clave previamente compartida. No la comparta con nadie: quien la tiene puede hacerse pasar por la puerta de enlace.',
  warnNoEncryption: 'Esta conexión puede establecerse sin cifrado. No envíe nada confidencial por ella.',
  warnServer:
    'Si una ventana le pregunta si confía en un servidor o en un certificado, continúe solo si el nombre y la huella digital son exactamente estos. Si no, cancele y llame al servicio de asistencia. No desactive nunca la comprobación.',
  warnOldSystem: '{system} ya no recibe actualizaciones de seguridad. Úselo solo hasta que se sustituya.',

  yourUserName: 'su nombre de usuario',
  yourPassword: 'su contraseña',
  yourCertificate: 'su certificado',
  secretInFile: 'está en el archivo que usted descarga',
  leaveEmpty: 'dejar vacío',
  ticked: 'marcado',
  notTicked: 'sin marcar',
  serverName: 'Nombre del servidor',
  issuedBy: 'Emitido por',
  fingerprintSha256: 'Huella digital del emisor (SHA-256)',
  fingerprintSha1: 'Huella digital del emisor (SHA-1)',

  open: 'Abra {path}.',
  openTab: 'Abra la pestaña {tab}.',
  click: 'Haga clic en {button}.',
  clickBoth: 'Haga clic en {first} y después en {second}.',
  clickBeside: 'Haga clic en {object} y después en {button}.',
  clickNetworkIcon: 'Haga clic en el icono de red junto al reloj.',
  chooseThen: 'Elija {option} y haga clic en {button}.',
  ifAskedChoose: 'Si se le pregunta, elija {option} y haga clic en {button}.',
  chooseStore: 'Elija {option} y, como almacén, {store}.',
  chooseOnTab: 'Abra la pestaña {tab}, elija {option} y haga clic en {button}.',
  chooseAndFill: 'Elija {option} y rellene:',
  fillThenClick: 'Rellene los campos como en la tabla y haga clic en {button}.',
  fillPages:
    'Rellene las páginas siguientes como en la tabla. Haga clic cada vez en {button} y, al final, en {finish}.',
  fillOnTab: 'Abra la pestaña {tab} y ajuste:',
  fillAfter: 'Haga clic en {button}, ajuste todo como en la tabla y haga clic en {ok}.',
  rightClick: 'Haga clic con el botón derecho en {object} y después en {button}.',
  rightClickEthernet:
    'Haga clic con el botón derecho en la conexión del cable de red (Ethernet) y después en {button}.',
  doubleClick: 'Haga doble clic en {file}.',
  closeAll: 'Cierre todas las ventanas con {button}.',
  typePassword: 'Escriba la contraseña del archivo y haga clic en {button}.',
  typeNameAndPassword: 'Escriba {user} como nombre de usuario y después su contraseña.',
  chooseOwnCertificate: 'Si se le pide un certificado, elija el que lleva su nombre.',
  runDialog: 'Pulse a la vez la tecla Windows y la R, escriba {command} y pulse Intro.',
  runIn: 'Abra el programa {program}, pegue esta línea y pulse Intro:',
  runAsAdministrator:
    'En el menú Inicio, haga clic con el botón derecho en {program} y ejecútelo como administrador. Pegue esta línea y pulse Intro:',
  runNext: 'Haga lo mismo con esta línea:',
  rootWhy:
    'Con él, el dispositivo reconoce los servidores de su organización. Antes de confirmar, compare su huella digital con la que aparece más abajo.',
  joinWifi: 'Haga clic en el icono de red junto al reloj, en la red {network} y después en {button}.',
  plugCable: 'Conecte el cable de red.',
  onceByAdministrator:
    'Estos pasos los hace alguien con derechos de administrador en el equipo. Después, la conexión aparece en la pantalla de inicio de sesión.',
  signInNetwork: 'Conecte el equipo a Internet: por cable o por una Wi-Fi que ya conozca.',
  signInIcon: 'Windows 8, 10 y 11: haga clic abajo a la derecha en el icono {icon}.',
  signInIcon7:
    'Windows 7: haga clic en {button} y después, abajo a la derecha, en el icono azul de dos equipos.',
  signInChoose: 'Elija {connection}.',
  signInWindows:
    'Espere a que la conexión esté establecida; después, Windows inicia su sesión a través de ella.',

  worksAddressWindows: 'Bajo {connection} hay una dirección IPv4: el túnel está establecido.',
  worksDns:
    'Pregunte por un nombre que solo conoce su organización. Si la respuesta contiene una dirección, el DNS pasa por el túnel:',
  worksWifi: 'La red aparece como conectada y se abre una página web.',
  worksWired: 'La red aparece como conectada y se abre una página web.',
  worksPortAddress: 'Para ver la dirección de su dispositivo, pegue esta línea en una ventana de comandos:',

  errorsIntroWindows: 'Windows muestra un número. Lo que significa aquí:',
  errorNumber: 'Error {number}',
  seenAsksAgain: 'Pide una y otra vez el nombre y la contraseña',
  seenNoCertificate: 'No encuentra ningún certificado o rechaza el suyo',
  seenServerQuestion: 'Pregunta si confía en el servidor',
  seenNoNetwork: 'Dice «no se puede conectar» o no ocurre nada',
  cure691:
    'El nombre de usuario o la contraseña no son correctos. Escriba ambos de nuevo y fíjese en las mayúsculas. Si ha cambiado su contraseña hace poco, borre la guardada.',
  cure812:
    'El servidor ha rechazado el acceso: quizá no pertenece al grupo necesario o la conexión está configurada de otra forma. Repita los pasos y después llame al servicio de asistencia.',
  cure868:
    'No se ha encontrado el nombre del servidor. Compruebe que Internet funciona y que el nombre está escrito exactamente igual.',
  cure809:
    'El servidor no ha respondido. Quizá la red en la que está bloquea las VPN: pruebe con otra, por ejemplo el punto de acceso de su teléfono.',
  cure789:
    'La clave previamente compartida no es correcta o su router lo impide. Copie la clave de nuevo y después pruebe con otra red.',
  cure13801:
    'No se ha aceptado el certificado del servidor. Compruebe que el nombre del servidor está escrito exactamente igual y que el certificado raíz está instalado.',
  cure13868:
    'El dispositivo y el servidor no han encontrado un cifrado común. Ejecute otra vez la línea de PowerShell de los pasos.',
  cureSstpReset: 'La conexión se ha cortado, a menudo por un proxy. Pruebe con otra red.',
  curePptp: 'La red en la que está no deja pasar PPTP. Pruebe con otra red.',
  cure798:
    'No hay ningún certificado suyo que sirva, o ha caducado. Instale su certificado o pida uno nuevo al servicio de asistencia.',
  cure766: 'El equipo no tiene certificado propio. Lo instala el servicio de asistencia.',
  cureServerQuestion:
    'Compare el nombre y la huella digital con la tabla de más abajo. Si algo no coincide, cancele y llame al servicio de asistencia.',
  cureNoNetwork: 'Elimine la red guardada, repita los pasos y compare cada valor.',

  iphoneAndIpad: 'iPhone y iPad',
  onSystem: 'En {system}',
  profileTitle: 'Más rápido: con un archivo',
  versionTitle: 'Para qué versión',
  appTitle: 'Sobre la aplicación',
  filesTitle: 'Guarde los archivos',
  dnsValuesTitle: 'Lo que necesita el DNS',
  warnForeignApp:
    'Android no tiene SSTP propio. {app} es una aplicación de terceros de la que su organización no se ocupa. Instálela solo desde la tienda de aplicaciones.',
  switchedOn: 'activado',
  switchedOff: 'desactivado',
  yourKey: 'la clave privada de su certificado',
  keyPassword: 'la contraseña del archivo',
  dnsServer: 'Servidor DNS',
  dnsSuffixField: 'Dominio de la organización',
  dnsRule: 'Los nombres de {suffix} se preguntan a',
  dnsAsElsewhere: 'el servidor DNS habitual',
  profileInstead:
    'Si ha recibido un archivo que termina en {ending}, este lo configura todo: siga estos pasos y continúe en «Conéctese».',
  doubleClickEnding: 'Haga doble clic en el archivo que termina en {ending}.',
  tapEnding: 'Toque el archivo que termina en {ending}.',
  doubleClickProfile: 'Haga doble clic en el perfil de su organización y después haga clic en {button}.',
  tapProfile: 'Toque el perfil descargado y después {button}. El dispositivo pide su código.',
  importInApp: 'Compare el nombre del servidor y después toque {button}.',
  tapFile: 'Toque {file}.',
  tap: 'Toque {button}.',
  tapPlus: 'Toque el signo más.',
  tapBeside: 'Toque {object} y después {button}.',
  tapInApp: 'Abra la aplicación y toque {connection}.',
  tapNetwork: 'Toque la red {network}.',
  fillThenTap: 'Rellene los campos como en la tabla y toque {button}.',
  fillInApp: 'Rellene los campos como en la tabla:',
  fillWhatIsAsked: 'Rellene lo que se pide:',
  installApp: 'Instale {app} desde la tienda de aplicaciones y ábrala.',
  inApp: 'En {app}:',
  switchOn: 'Active {connection}.',
  typeFilePassword: 'Escriba la contraseña del archivo.',
  openAndChoose: 'Abra {path} y elija {network}.',
  openAndSwitchOn: 'Abra {path} y active el certificado.',
  openAndPick: 'Abra {path} y elija el archivo {file}.',
  openAndSet: 'Abra {path} y ajuste:',
  openGear: 'Abra {path} y haga clic en el engranaje junto a la conexión.',
  openCorner: 'Abra el menú de la esquina superior derecha y después {vpn}.',
  ifAskedKeychain: 'Si se le pide un llavero, elija {keychain}.',
  keychainTrust:
    'En {program}, haga doble clic en el certificado, abra {trust}, elija {always}, cierre la ventana y escriba la contraseña del Mac.',
  appleCompare:
    'Haga clic en {show} cuando aparezca un certificado, compárelo con la tabla de abajo y solo entonces haga clic en {go}.',
  appleTrust: 'Compare el certificado que aparece con la tabla de abajo y solo entonces toque {trust}.',
  clickPlusChoose: 'Haga clic en el signo más y después en {option}.',
  chooseAndGoOn: 'Elija {option} y continúe.',
  panelIcon: 'Haga clic en el icono de red del panel y después en {path}.',
  panelIconRight: 'Haga clic con el botón derecho en el icono de red del panel y después en {path}.',
  panelNetwork: 'Haga clic en el icono de red del panel y después en la red {network}.',
  doubleClickWired: 'Haga doble clic en la conexión bajo {kind}.',
  keepFile: 'Mueva {file} a una carpeta donde se quede: la conexión lo necesita cada vez.',
  androidUpTo11:
    'Para Android 11 y anteriores. Android 12 y posteriores ya no permiten configurar L2TP: use allí IKEv2.',
  androidFrom11: 'Para Android 11 y posteriores. En los anteriores, use la aplicación strongSwan.',
  dnsWhy:
    'Los nombres de su organización solo los conocen sus propios servidores DNS. Mientras la VPN está activa, el dispositivo debe preguntarles a ellos.',
  dnsByProfile:
    'A mano no se puede ajustar aquí el DNS de una VPN: lo indica la puerta de enlace o lo trae el archivo que termina en {ending}.',
  testIn:
    'Conéctese, abra el programa {program} y ejecute esta línea. En la respuesta debe haber una dirección:',
  testOld: 'Esta línea muestra qué servidor DNS responde. En {program}:',
  testRules: 'Esta línea muestra a qué servidor se pregunta por qué nombres. En {program}:',
  testServers: 'Esta línea muestra los servidores DNS de cada conexión. En {program}:',
  worksStatus:
    'La conexión aparece como conectada. En sus detalles está la dirección que ha recibido su dispositivo.',
  worksDnsTerminal:
    'Abra un terminal y pregunte por un nombre que solo conoce su organización. Si la respuesta contiene una dirección, el DNS pasa por el túnel:',
  worksInsidePage: 'Abra una página de {name} que solo exista dentro. Si se abre, el DNS pasa por el túnel.',
  seenNoAnswer: 'El servidor no responde',
  seenNotAuthenticated: '«Error de autenticación» o pide de nuevo la contraseña',
  seenServerNotTrusted: 'No se confía en el servidor o en su certificado',
  seenTunnelFails: 'Falla antes de pedir una contraseña',
  seenRefused: 'Se conecta y se corta enseguida',
  seenNameNotFound: 'No se encuentra un nombre de la organización',
  seenOnlyBrowser: 'Funciona en la prueba, pero no en el navegador',
  seenOldAddress: 'Un nombre lleva a una dirección antigua',
  cureNameNotFound:
    'Compruebe que la VPN está activa, desconéctela y vuelva a conectarla. Después compare los servidores DNS con la tabla de arriba.',
  cureOnlyBrowser:
    'El navegador pregunta a un servidor DNS propio. Desactive el «DNS seguro» (DNS sobre HTTPS) en su configuración.',
  cureOldAddress: 'El dispositivo recuerda respuestas antiguas. Reinícielo.',

  helpIntro:
    'Diga al servicio de asistencia el nombre de la conexión, la hora y el texto o el número del error.',
  helpName: '{name}',
  helpPhone: 'Teléfono: {phone}',
  helpEmail: 'Correo electrónico: {email}',
  helpUrl: 'Web: {url}',
}
