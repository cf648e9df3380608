import { remembered, same } from '../label.ts'

/** Windows XP to 11: English | Russian | German | Spanish. No Windows was at hand: all of it is from memory. */
export const WINDOWS = {
  // Settings (10, 11)
  settings: remembered('Settings | Параметры | Einstellungen | Configuración'),
  network11: remembered('Network & internet | Сеть и Интернет | Netzwerk und Internet | Red e Internet'),
  network10: remembered('Network & Internet | Сеть и Интернет | Netzwerk und Internet | Red e Internet'),
  vpn: same('VPN'),
  addVpn11: remembered('Add VPN | Добавить VPN | VPN hinzufügen | Agregar VPN'),
  addVpn10: remembered(
    'Add a VPN connection | Добавить VPN-подключение | VPN-Verbindung hinzufügen | Agregar una conexión VPN',
  ),
  provider: remembered('VPN provider | Поставщик услуг VPN | VPN-Anbieter | Proveedor de VPN'),
  builtIn: remembered(
    'Windows (built-in) | Windows (встроенные) | Windows (integriert) | Windows (integrado)',
  ),
  connectionName: remembered('Connection name | Имя подключения | Verbindungsname | Nombre de conexión'),
  server: remembered(
    'Server name or address | Имя или адрес сервера | Servername oder IP-Adresse | Nombre de servidor o dirección',
  ),
  vpnType: remembered('VPN type | Тип VPN | VPN-Typ | Tipo de VPN'),
  ikev2: same('IKEv2'),
  sstp: remembered(
    'Secure Socket Tunneling Protocol (SSTP) | Протокол SSTP (Secure Socket Tunneling Protocol) | SSTP (Secure Socket Tunneling-Protokoll) | Protocolo de túnel de sockets seguros (SSTP)',
  ),
  l2tpPsk: remembered(
    'L2TP/IPsec with pre-shared key | L2TP/IPsec с общим ключом | L2TP/IPsec mit vorinstalliertem Schlüssel | L2TP/IPsec con clave previamente compartida',
  ),
  l2tpCertificate: remembered(
    'L2TP/IPsec with certificate | L2TP/IPsec с сертификатом | L2TP/IPsec mit Zertifikat | L2TP/IPsec con certificado',
  ),
  pptp: remembered(
    'Point to Point Tunneling Protocol (PPTP) | Туннельный протокол точка-точка (PPTP) | Point-to-Point-Tunneling-Protokoll (PPTP) | Protocolo de túnel punto a punto (PPTP)',
  ),
  preSharedKey: remembered(
    'Pre-shared key | Общий ключ | Vorinstallierter Schlüssel | Clave previamente compartida',
  ),
  signInInfo: remembered(
    'Type of sign-in info | Тип данных для входа | Anmeldeinformationstyp | Tipo de información de inicio de sesión',
  ),
  userNameAndPassword: remembered(
    'User name and password | Имя пользователя и пароль | Benutzername und Kennwort | Nombre de usuario y contraseña',
  ),
  certificate: remembered('Certificate | Сертификат | Zertifikat | Certificado'),
  userNameOptional: remembered(
    'User name (optional) | Имя пользователя (необязательно) | Benutzername (optional) | Nombre de usuario (opcional)',
  ),
  passwordOptional: remembered(
    'Password (optional) | Пароль (необязательно) | Kennwort (optional) | Contraseña (opcional)',
  ),
  rememberSignIn: remembered(
    'Remember my sign-in info | Запомнить мои данные для входа | Meine Anmeldeinformationen speichern | Recordar mi información de inicio de sesión',
  ),
  save: remembered('Save | Сохранить | Speichern | Guardar'),
  connect: remembered('Connect | Подключиться | Verbinden | Conectar'),
  // Network and Sharing Center (7, 8, 10)
  controlPanel: remembered('Control Panel | Панель управления | Systemsteuerung | Panel de control'),
  sharingCenter: remembered(
    'Network and Sharing Center | Центр управления сетями и общим доступом | Netzwerk- und Freigabecenter | Centro de redes y recursos compartidos',
  ),
  newConnection: remembered(
    'Set up a new connection or network | Создание и настройка нового подключения или сети | Neue Verbindung oder neues Netzwerk einrichten | Configurar una nueva conexión o red',
  ),
  workplace: remembered(
    'Connect to a workplace | Подключение к рабочему месту | Verbindung mit dem Arbeitsplatz herstellen | Conectarse a un área de trabajo',
  ),
  createNew: remembered(
    'No, create a new connection | Нет, создать новое подключение | Nein, eine neue Verbindung erstellen | No, crear una nueva conexión',
  ),
  overInternet: remembered(
    'Use my Internet connection (VPN) | Использовать мое подключение к Интернету (VPN) | Die Internetverbindung (VPN) verwenden | Usar mi conexión a Internet (VPN)',
  ),
  internetAddress: remembered(
    'Internet address | Адрес в Интернете | Internetadresse | Dirección de Internet',
  ),
  destinationName: remembered('Destination name | Имя местоназначения | Zielname | Nombre de destino'),
  dontConnectNow: remembered(
    "Don't connect now; just set it up so I can connect later | Не подключаться сейчас, только выполнить установку для подключения в будущем | Jetzt nicht verbinden, nur für spätere Verwendung einrichten | No conectarse ahora; configurar para conectarse más tarde",
  ),
  otherPeople: remembered(
    'Allow other people to use this connection | Разрешить использовать это подключение другим пользователям | Anderen Benutzern erlauben, diese Verbindung zu verwenden | Permitir que otras personas usen esta conexión',
  ),
  userName: remembered('User name | Имя пользователя | Benutzername | Nombre de usuario'),
  password: remembered('Password | Пароль | Kennwort | Contraseña'),
  next: remembered('Next | Далее | Weiter | Siguiente'),
  create: remembered('Create | Создать | Erstellen | Crear'),
  close: remembered('Close | Закрыть | Schließen | Cerrar'),
  finish: remembered('Finish | Готово | Fertig stellen | Finalizar'),
  ok: remembered('OK | ОК | OK | Aceptar'),
  // Properties of a connection
  properties: remembered('Properties | Свойства | Eigenschaften | Propiedades'),
  security: remembered('Security | Безопасность | Sicherheit | Seguridad'),
  typeOfVpn: remembered('Type of VPN | Тип VPN | VPN-Typ | Tipo de VPN'),
  ikev2Classic: same('IKEv2'),
  l2tpClassic: remembered(
    'Layer 2 Tunneling Protocol with IPsec (L2TP/IPSec) | L2TP IPsec VPN | Layer-2-Tunneling-Protokoll mit IPsec (L2TP/IPsec) | Protocolo de túnel de capa 2 con IPsec (L2TP/IPsec)',
  ),
  advancedSettings: remembered(
    'Advanced settings | Дополнительные параметры | Erweiterte Einstellungen | Configuración avanzada',
  ),
  usePreSharedKey: remembered(
    'Use preshared key for authentication | Для проверки подлинности использовать общий ключ | Vorinstallierten Schlüssel für Authentifizierung verwenden | Usar clave previamente compartida para autenticar',
  ),
  useMachineCertificate: remembered(
    'Use certificate for authentication | Для проверки подлинности использовать сертификат | Zertifikat für Authentifizierung verwenden | Usar certificado para autenticar',
  ),
  key: remembered('Key | Ключ | Schlüssel | Clave'),
  dataEncryption: remembered('Data encryption | Шифрование данных | Datenverschlüsselung | Cifrado de datos'),
  requireEncryption: remembered(
    'Require encryption (disconnect if server declines) | Обязательное (отключиться, если нет шифрования) | Erforderlich (Verbindung trennen, falls Server dies ablehnt) | Requiere cifrado (desconectar si el servidor no acepta)',
  ),
  maximumEncryption: remembered(
    'Maximum strength encryption (disconnect if server declines) | Самое стойкое (отключиться, если нет шифрования) | Maximale (Verbindung trennen, falls Server dies ablehnt) | Cifrado de máxima potencia (desconectar si el servidor no acepta)',
  ),
  optionalEncryption: remembered(
    'Optional encryption (connect even if no encryption) | Необязательное (подключиться даже без шифрования) | Optional (Verbindung auch ohne Verschlüsselung herstellen) | Cifrado opcional (conectar incluso sin cifrado)',
  ),
  noEncryption: remembered(
    'No encryption allowed (server will disconnect if it requires encryption) | Не разрешено (отключиться, если требуется шифрование) | Keine Verschlüsselung zulässig (Server trennt die Verbindung, falls Verschlüsselung erforderlich ist) | No se permite el cifrado (el servidor se desconectará si requiere cifrado)',
  ),
  useEap: remembered(
    'Use Extensible Authentication Protocol (EAP) | Протокол расширенной проверки подлинности (EAP) | Extensible Authentication-Protokoll (EAP) verwenden | Usar el protocolo de autenticación extensible (EAP)',
  ),
  eapTls: remembered(
    'Microsoft: Smart Card or other certificate (encryption enabled) | Microsoft: смарт-карта или иной сертификат (шифрование включено) | Microsoft: Smartcard- oder anderes Zertifikat (Verschlüsselung aktiviert) | Microsoft: Tarjeta inteligente u otro certificado (cifrado habilitado)',
  ),
  peap: remembered(
    'Microsoft: Protected EAP (PEAP) (encryption enabled) | Microsoft: защищенные EAP (PEAP) (шифрование включено) | Microsoft: Geschütztes EAP (PEAP) (Verschlüsselung aktiviert) | Microsoft: EAP protegido (PEAP) (cifrado habilitado)',
  ),
  eapMschapv2: remembered(
    'Microsoft: Secured password (EAP-MSCHAP v2) (encryption enabled) | Microsoft: защищенный пароль (EAP-MSCHAP v2) (шифрование включено) | Microsoft: Gesichertes Kennwort (EAP-MSCHAP v2) (Verschlüsselung aktiviert) | Microsoft: Contraseña segura (EAP-MSCHAP v2) (cifrado habilitado)',
  ),
  eapTtls: remembered(
    'Microsoft: EAP-TTLS (encryption enabled) | Microsoft: EAP-TTLS (шифрование включено) | Microsoft: EAP-TTLS (Verschlüsselung aktiviert) | Microsoft: EAP-TTLS (cifrado habilitado)',
  ),
  allowProtocols: remembered(
    'Allow these protocols | Разрешить следующие протоколы | Folgende Protokolle zulassen | Permitir estos protocolos',
  ),
  mschapv2: remembered(
    'Microsoft CHAP Version 2 (MS-CHAP v2) | Протокол Microsoft CHAP версии 2 (MS-CHAP v2) | Microsoft CHAP, Version 2 (MS-CHAP v2) | Microsoft CHAP versión 2 (MS-CHAP v2)',
  ),
  // Properties of an EAP method
  validateServer: remembered(
    "Verify the server's identity by validating the certificate | Подтверждать удостоверение сервера с помощью проверки сертификата | Identität des Servers mittels Zertifikatprüfung überprüfen | Verificar la identidad del servidor validando el certificado",
  ),
  connectToServers: remembered(
    'Connect to these servers | Подключаться к следующим серверам | Verbindung mit folgenden Servern herstellen | Conectar a estos servidores',
  ),
  trustedRoots: remembered(
    'Trusted Root Certification Authorities | Доверенные корневые центры сертификации | Vertrauenswürdige Stammzertifizierungsstellen | Entidades de certificación raíz de confianza',
  ),
  dontPrompt: remembered(
    "Don't prompt user to authorize new servers or trusted certification authorities | Не запрашивать пользователя авторизовать новые серверы или доверенные центры сертификации | Keine Benutzeraufforderung zur Autorisierung neuer Server oder vertrauenswürdiger Zertifizierungsstellen | No pedir la intervención del usuario para autorizar nuevos servidores o entidades de certificación de confianza",
  ),
  certificateOnComputer: remembered(
    'Use a certificate on this computer | Использовать сертификат на этом компьютере | Zertifikat auf diesem Computer verwenden | Usar un certificado en este equipo',
  ),
  innerMethod: remembered(
    'Select Authentication Method | Выберите метод проверки подлинности | Authentifizierungsmethode auswählen | Seleccione el método de autenticación',
  ),
  innerPassword: remembered(
    'Secured password (EAP-MSCHAP v2) | Защищенный пароль (EAP-MSCHAP v2) | Gesichertes Kennwort (EAP-MSCHAP v2) | Contraseña segura (EAP-MSCHAP v2)',
  ),
  innerCertificate: remembered(
    'Smart Card or other certificate | Смарт-карта или иной сертификат | Smartcard- oder anderes Zertifikat | Tarjeta inteligente u otro certificado',
  ),
  ttlsInnerEap: remembered(
    'Select an EAP method for authentication | Выберите метод EAP для проверки подлинности | EAP-Methode für die Authentifizierung auswählen | Seleccionar un método EAP para la autenticación',
  ),
  ttlsInnerOther: remembered(
    'Select a non-EAP method for authentication | Выберите для проверки подлинности метод, отличный от EAP | Nicht-EAP-Methode für die Authentifizierung auswählen | Seleccionar un método que no sea EAP para la autenticación',
  ),
  pap: remembered(
    'Unencrypted password (PAP) | Незашифрованный пароль (PAP) | Unverschlüsseltes Kennwort (PAP) | Contraseña sin cifrar (PAP)',
  ),
  identityPrivacy: remembered(
    'Enable identity privacy | Включить удостоверение конфиденциальности | Identitätsschutz aktivieren | Habilitar privacidad de identidad',
  ),
  // Networking of a connection
  networking: remembered('Networking | Сеть | Netzwerk | Funciones de red'),
  ipv4: remembered(
    'Internet Protocol Version 4 (TCP/IPv4) | IP версии 4 (TCP/IPv4) | Internetprotokoll, Version 4 (TCP/IPv4) | Protocolo de Internet versión 4 (TCP/IPv4)',
  ),
  advanced: remembered('Advanced | Дополнительно | Erweitert | Opciones avanzadas'),
  dnsAddresses: remembered(
    'Use the following DNS server addresses | Использовать следующие адреса DNS-серверов | Folgende DNS-Serveradressen verwenden | Usar las siguientes direcciones de servidor DNS',
  ),
  preferredDns: remembered(
    'Preferred DNS server | Предпочитаемый DNS-сервер | Bevorzugter DNS-Server | Servidor DNS preferido',
  ),
  alternateDns: remembered(
    'Alternate DNS server | Альтернативный DNS-сервер | Alternativer DNS-Server | Servidor DNS alternativo',
  ),
  dns: same('DNS'),
  dnsSuffix: remembered(
    'DNS suffix for this connection | DNS-суффикс подключения | DNS-Suffix für diese Verbindung | Sufijo DNS para esta conexión',
  ),
  registerInDns: remembered(
    "Register this connection's addresses in DNS | Зарегистрировать адреса этого подключения в DNS | Adressen dieser Verbindung in DNS registrieren | Registrar en DNS las direcciones de esta conexión",
  ),
  // Certificates
  installCertificate: remembered(
    'Install Certificate | Установить сертификат | Zertifikat installieren | Instalar certificado',
  ),
  localMachine: remembered('Local Machine | Локальный компьютер | Lokaler Computer | Equipo local'),
  currentUser: remembered('Current User | Текущий пользователь | Aktueller Benutzer | Usuario actual'),
  followingStore: remembered(
    'Place all certificates in the following store | Поместить все сертификаты в следующее хранилище | Alle Zertifikate in folgendem Speicher speichern | Colocar todos los certificados en el siguiente almacén',
  ),
  automaticStore: remembered(
    'Automatically select the certificate store based on the type of certificate | Автоматически выбрать хранилище на основе типа сертификата | Zertifikatspeicher automatisch auswählen (auf dem Zertifikattyp basierend) | Seleccionar automáticamente el almacén de certificados según el tipo de certificado',
  ),
  // Programs
  commandPrompt: remembered('Command Prompt | Командная строка | Eingabeaufforderung | Símbolo del sistema'),
  powershell: same('Windows PowerShell'),
  // Wi-Fi and wired
  manualWifi: remembered(
    'Manually connect to a wireless network | Подключение к беспроводной сети вручную | Manuell mit einem Funknetzwerk verbinden | Conectarse manualmente a una red inalámbrica',
  ),
  networkName: remembered('Network name | Имя сети | Netzwerkname | Nombre de la red'),
  securityType: remembered('Security type | Тип безопасности | Sicherheitstyp | Tipo de seguridad'),
  wpa2: same('WPA2-Enterprise'),
  wpa3: same('WPA3-Enterprise'),
  wpa3Suite: remembered(
    'WPA3-Enterprise 192 bits | WPA3-Enterprise 192 бит | WPA3-Enterprise 192 Bit | WPA3-Enterprise 192 bits',
  ),
  startAutomatically: remembered(
    'Start this connection automatically | Запускать это подключение автоматически | Diese Verbindung automatisch starten | Iniciar esta conexión automáticamente',
  ),
  notBroadcasting: remembered(
    'Connect even if the network is not broadcasting | Подключаться, даже если сеть не производит широковещательную передачу | Verbinden, selbst wenn das Netzwerk keine Kennung aussendet | Conectarse aunque la red no difunda su nombre',
  ),
  changeSettings: remembered(
    'Change connection settings | Изменить параметры подключения | Verbindungseinstellungen ändern | Cambiar la configuración de conexión',
  ),
  networkMethod: remembered(
    'Choose a network authentication method | Выберите метод проверки подлинности в сети | Wählen Sie eine Methode für die Netzwerkauthentifizierung aus | Elija un método de autenticación de red',
  ),
  methodSettings: remembered('Settings | Параметры | Einstellungen | Configuración'),
  eapTlsPort: remembered(
    'Microsoft: Smart Card or other certificate | Microsoft: смарт-карта или иной сертификат | Microsoft: Smartcard- oder anderes Zertifikat | Microsoft: Tarjeta inteligente u otro certificado',
  ),
  peapPort: remembered(
    'Microsoft: Protected EAP (PEAP) | Microsoft: защищенные EAP (PEAP) | Microsoft: Geschütztes EAP (PEAP) | Microsoft: EAP protegido (PEAP)',
  ),
  eapTtlsPort: same('Microsoft: EAP-TTLS'),
  authenticationMode: remembered(
    'Specify authentication mode | Указать режим проверки подлинности | Authentifizierungsmodus angeben | Especificar modo de autenticación',
  ),
  userAuthentication: remembered(
    'User authentication | Проверка подлинности пользователя | Benutzerauthentifizierung | Autenticación de usuarios',
  ),
  computerAuthentication: remembered(
    'Computer authentication | Проверка подлинности компьютера | Computerauthentifizierung | Autenticación de equipos',
  ),
  userOrComputer: remembered(
    'User or computer authentication | Проверка подлинности пользователя или компьютера | Benutzer- oder Computerauthentifizierung | Autenticación de usuarios o equipos',
  ),
  authentication: remembered('Authentication | Проверка подлинности | Authentifizierung | Autenticación'),
  enable8021x: remembered(
    'Enable IEEE 802.1X authentication | Включить проверку подлинности IEEE 802.1X | IEEE 802.1X-Authentifizierung aktivieren | Habilitar autenticación de IEEE 802.1X',
  ),
  // Sign-in screen
  switchUser: remembered('Switch User | Сменить пользователя | Benutzer wechseln | Cambiar de usuario'),
  networkSignIn: remembered('Network sign-in | Вход в сеть | Netzwerkanmeldung | Inicio de sesión en la red'),
  // Windows XP
  networkConnectionsXp: remembered(
    'Network Connections | Сетевые подключения | Netzwerkverbindungen | Conexiones de red',
  ),
  newConnectionXp: remembered(
    'Create a new connection | Создание нового подключения | Neue Verbindung erstellen | Crear una conexión nueva',
  ),
  workplaceXp: remembered(
    'Connect to the network at my workplace | Подключить к сети на рабочем месте | Verbindung mit dem Netzwerk am Arbeitsplatz herstellen | Conectarse a la red de mi lugar de trabajo',
  ),
  vpnConnectionXp: remembered(
    'Virtual Private Network connection | Подключение к виртуальной частной сети | VPN-Verbindung | Conexión de red privada virtual',
  ),
  companyName: remembered('Company Name | Организация | Firmenname | Nombre de la organización'),
  hostNameXp: remembered(
    'Host name or IP address | Имя компьютера или IP-адрес | Hostname oder IP-Adresse | Nombre de host o dirección IP',
  ),
  ipsecSettings: remembered('IPSec Settings | Параметры IPSec | IPSec-Einstellungen | Configuración IPSec'),
  usePreSharedKeyXp: remembered(
    'Use pre-shared key for authentication | Для проверки подлинности использовать предварительный ключ | Vorinstallierten Schlüssel für Authentifizierung verwenden | Usar clave previamente compartida para autenticación',
  ),
  l2tpXp: same('L2TP IPSec VPN'),
  pptpXp: same('PPTP VPN'),
} as const
