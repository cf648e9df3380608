import { remembered, rememberedName, same, seen } from '../label.ts'

/**
 * English | Russian | German | Spanish. Read in the translations of Debian 12: gnome-control-center 43, network-manager-applet
 * 1.30, network-manager-strongswan 1.6.0, -l2tp 1.20.8, -pptp 1.2.12, -sstp 1.3.0. What they leave in English is here, too.
 */
export const GNOME = {
  settings: seen('Settings | Настройки | Einstellungen | Configuración'),
  network: seen('Network | Сеть | Netzwerk | Red'),
  wifi: seen('Wi-Fi | Wi-Fi | WLAN | Inalámbrica'),
  wired: seen('Wired | Проводное соединение | Kabelgebunden | Cableada'),
  vpn: same('VPN'),
  add: seen('Add | Добавить | Hinzufügen | Añadir'),
  apply: seen('Apply | Применить | Anwenden | Aplicar'),
  name: seen('Name | Название | Name | Nombre'),
  identityTab: seen('Identity | Идентификация | Identität | Identidad'),
  ipv4: same('IPv4'),
  dns: same('DNS'),
  routes: seen('Routes | Маршруты | Routen | Rutas'),
  onlyOwnResources: seen(
    'Use this connection only for resources on its network | Использовать это подключение только для ресурсов в этой сети | Diese Verbindung nur für Ressourcen in deren Netzwerk verwenden | Usar esta conexión sólo para los recursos en su red',
  ),
  security: seen('Security | Безопасность | Sicherheit | Seguridad'),
  security8021x: seen('802.1x Security | Безопасность 802.1x | 802.1x-Sicherheit | Seguridad 802.1x'),
  authentication: seen('Authentication | Аутентификация | Legitimierung | Autenticación'),
  enterprise: seen(
    'WPA & WPA2 Enterprise | Корпоративный WPA и WPA2 | WPA und WPA2 Enterprise | WPA y WPA2 enterprise',
  ),
  enterprise3: same('WPA3 Enterprise'),
  wifiSecurity: seen(
    'Wi-Fi security | Безопасность Wi-Fi | Sicherheit des Funknetzwerks | Seguridad inalámbrica',
  ),
  peap: seen('Protected EAP (PEAP) | Защищённый EAP (PEAP) | Geschütztes EAP (PEAP) | EAP protegido (PEAP)'),
  ttls: seen('Tunneled TLS | Туннелированный TLS | Getunneltes TLS | TLS a través de túnel'),
  tls: same('TLS'),
  anonymous: seen('Anonymous identity | Анонимная аутентификация | Anonyme Identität | Identidad anónima'),
  domain: seen('Domain | Домен | Domäne | Dominio'),
  ca: seen('CA certificate | Сертификат CA | CA-Zertifikat | Certificado CA'),
  inner: seen(
    'Inner authentication | Внутренняя аутентификация | Innere Legitimierung | Autenticación interna',
  ),
  mschapv2: same('MSCHAPv2'),
  pap: same('PAP'),
  userName: seen('Username | Имя пользователя | Benutzername | Nombre de usuario'),
  password: seen('Password | Пароль | Passwort | Contraseña'),
  identity: seen('Identity | Подлинность | Identität | Identidad'),
  userCertificate: seen(
    'User certificate | Сертификат пользователя | Benutzerzertifikat | Certificado del usuario',
  ),
  privateKey: seen('Private key | Приватный ключ | Geheimer Schlüssel | Clave privada'),
  keyPassword: seen(
    'Private key password | Пароль приватного ключа | Passwort für geheimen Schlüssel | Contraseña de clave privada',
  ),
  terminal: remembered('Terminal | Терминал | Terminal | Terminal'),
} as const

export const NM_STRONGSWAN = {
  type: same('IPsec/IKEv2 (strongswan)'),
  address: seen('Address | Address | Adresse | Address'),
  certificate: seen('Certificate | Certificate | Zertifikat | Certificate'),
  authentication: seen('Authentication | Authentication | Authentisierung | Authentication'),
  eap: seen(
    'EAP (Username/Password) | EAP (Username/Password) | EAP (Benutzername/Passwort) | EAP (Username/Password)',
  ),
  eapTls: same('EAP-TLS'),
  userName: seen('Username | Username | Benutzername | Username'),
  password: seen('Password | Password | Passwort | Password'),
  certificateFile: seen('Certificate file | Certificate file | Zertifikatsdatei | Certificate file'),
  privateKey: seen('Private key | Private key | Privater Schlüssel | Private key'),
  innerAddress: seen(
    'Request an inner IP address | Request an inner IP address | Innere IP-Adresse beziehen | Request an inner IP address',
  ),
} as const

export const NM_L2TP = {
  type: seen(
    'Layer 2 Tunneling Protocol (L2TP) | Туннельный протокол второго уровня (L2TP) | Layer 2 Tunneling Protocol (L2TP) | Layer 2 Tunneling Protocol (L2TP)',
  ),
  gateway: same('Gateway'),
  gatewayAstra: remembered('Gateway | Шлюз | Gateway | Gateway'),
  userName: same('User name'),
  userNameAstra: remembered('User name | Имя пользователя | User name | User name'),
  password: seen('Password | Пароль | Passwort | Contraseña'),
  ipsecSettings: seen('IPsec Settings... | Параметры IPsec... | IPsec Settings... | IPsec Settings...'),
  enableIpsec: seen(
    'Enable IPsec tunnel to L2TP host | Подключить туннель IPsec к серверу L2TP | Enable IPsec tunnel to L2TP host | Enable IPsec tunnel to L2TP host',
  ),
  preSharedKey: same('Pre-shared key'),
  preSharedKeyAstra: remembered('Pre-shared key | Общий ключ | Pre-shared key | Pre-shared key'),
  pppSettings: seen('PPP Settings... | Параметры PPP... | PPP Settings... | PPP Settings...'),
  methods: seen(
    'Allow the following authentication methods: | Разрешить следующие методы аутентификации: | Die folgenden Methoden zur Legitimierung erlauben: | Permitir los siguientes métodos de autenticación:',
  ),
  mschapv2: same('MSCHAPv2'),
  apply: remembered('Apply | Применить | Anwenden | Aplicar'),
} as const

export const NM_PPTP = {
  type: seen(
    'Point-to-Point Tunneling Protocol (PPTP) | Туннельный протокол типа точка-точка (PPTP) | Point-to-Point Tunneling Protocol (PPTP) | Protocolo de túnel punto a punto (PPTP)',
  ),
  gateway: seen('Gateway | Gateway | Gateway | Puerta de enlace'),
  gatewayAstra: remembered('Gateway | Шлюз | Gateway | Puerta de enlace'),
  userName: seen('User name | User name | Benutzername | Nombre de usuario'),
  userNameAstra: remembered('User name | Имя пользователя | Benutzername | Nombre de usuario'),
  password: seen('Password | Password | Passwort | Contraseña'),
  passwordAstra: remembered('Password | Пароль | Passwort | Contraseña'),
  advanced: same('Advanced'),
  advancedAstra: remembered('Advanced | Дополнительно | Advanced | Advanced'),
  mppe: seen(
    'Use Point-to-Point encryption (MPPE) | Использовать шифрование MPPE | Point-to-Point Verschlüsselung (MPPE) verwenden | Usar cifrado punto a punto (MPPE)',
  ),
  strength: seen('Security: | Шифрование: | Sicherheit: | Seguridad:'),
  bits128: seen(
    '128-bit (most secure) | 128-бит (наиболее защищённое) | 128-Bit (am sichersten) | 128-bit (más seguro)',
  ),
} as const

export const NM_SSTP = {
  type: rememberedName('Secure Socket Tunneling Protocol (SSTP)'),
  gateway: seen('Gateway: | Шлюз: | Gateway: | Pasarela:'),
  userName: seen('Username: | Username: | Benutzername: | Nombre de usuario:'),
  password: seen('Password: | Пароль: | Passwort: | Contraseña:'),
  advanced: seen('Advanced... | Advanced... | Erweitert … | Avanzado...'),
  ca: same('CA'),
} as const

/** nm-applet and its editor, which Astra Linux has in its panel. */
export const NM_APPLET = {
  vpnConnections: seen('VPN Connections | Соединения VPN | VPN-Verbindungen | Conexiones VPN'),
  addVpn: seen(
    'Add a VPN connection… | Добавить VPN-соединение… | Eine VPN-Verbindung hinzufügen … | Añadir una conexión VPN…',
  ),
  editConnections: seen(
    'Edit Connections… | Параметры соединений… | Verbindungen bearbeiten … | Editar las conexiones…',
  ),
  ipv4: seen('IPv4 Settings | Параметры IPv4 | IPv4-Einstellungen | Ajustes de IPv4'),
  dnsServers: seen('DNS servers | Серверы DNS | DNS-Server | Servidores DNS'),
  searchDomains: seen('Search domains | Поисковый домен | Suchdomänen | Dominios de búsqueda'),
  routes: seen('Routes… | Маршруты… | Routen … | Rutas…'),
  save: seen('Save | Сохранить | Speichern | Guardar'),
  connectionNameAstra: remembered(
    'Connection name | Название соединения | Connection name | Connection name',
  ),
  ethernet: seen('Ethernet | Ethernet | Ethernet | Cableada'),
  security8021x: seen(
    '802.1X Security | Стандарт безопасности 802.1x | 802.1X-Sicherheit | Seguridad 802.1x',
  ),
  use8021x: seen(
    'Use 802.1X security for this connection | Использовать стандарт безопасности 802.1X для этого соединения | 802.1X-Sicherheit für diese Verbindung verwenden | Usar seguridad 802.1X para esta conexión',
  ),
} as const
