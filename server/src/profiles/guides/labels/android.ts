import { remembered, rememberedName, same, seen } from '../label.ts'

/**
 * Android as Google makes it: English | Russian | German | Spanish. `seen`: in the translations of its Settings, Android 10;
 * makers of phones change much of it.
 */
export const ANDROID = {
  settings: remembered('Settings | Настройки | Einstellungen | Ajustes'),
  network: remembered('Network & internet | Сеть и интернет | Netzwerk & Internet | Red e Internet'),
  vpn: same('VPN'),
  name: seen('Name | Название | Name | Nombre'),
  type: seen('Type | Тип | Typ | Tipo'),
  l2tpPsk: same('L2TP/IPSec PSK'),
  ikev2Mschapv2: same('IKEv2/IPSec MSCHAPv2'),
  serverAddress: seen('Server address | Адрес сервера | Serveradresse | Dirección del servidor'),
  l2tpSecret: seen('L2TP secret | Ключ L2TP | L2TP-Schlüssel | L2TP secreto'),
  ipsecIdentifier: seen('IPSec identifier | Идентификатор IPSec | IPSec-ID | Identificador de IPSec'),
  ipsecPreSharedKey: seen(
    'IPSec pre-shared key | Общий ключ IPSec | Vorinstallierter IPSec-Schlüssel | Clave precompartida de IPSec',
  ),
  ipsecCa: seen(
    'IPSec CA certificate | Сертификат ЦС IPSec | IPSec-CA-Zertifikat | Certificado de CA de IPSec',
  ),
  ipsecServer: seen(
    'IPSec server certificate | Сертификат сервера IPSec | IPSec-Serverzertifikat | Certificado del servidor IPSec',
  ),
  receivedFromServer: seen(
    '(received from server) | (получено с сервера) | (vom Server erhalten) | (recibido desde el servidor)',
  ),
  userName: seen('Username | Имя пользователя | Nutzername | Nombre de usuario'),
  password: seen('Password | Пароль | Passwort | Contraseña'),
  save: seen('Save | Сохранить | Speichern | Guardar'),
  connect: seen('Connect | Подключиться | Verbinden | Conectar'),
  dnsServers: seen(
    'DNS servers (e.g. 8.8.8.8) | DNS-серверы (например, 8.8.8.8) | DNS-Server (z. B. 8.8.8.8) | Servidores de DNS (por ejemplo, 8.8.8.8)',
  ),
  dnsSearch: seen(
    'DNS search domains | Домены для поиска DNS | DNS-Suchdomains | Dominios de búsqueda de DNS',
  ),
  advanced: seen(
    'Show advanced options | Дополнительно | Erweiterte Optionen einblenden | Mostrar opciones avanzadas',
  ),
  // Certificates
  security: remembered('Security | Безопасность | Sicherheit | Seguridad'),
  credentials: remembered(
    'Encryption & credentials | Шифрование и учетные данные | Verschlüsselung & Anmeldedaten | Cifrado y credenciales',
  ),
  installCertificate: remembered(
    'Install a certificate | Установка сертификата | Zertifikat installieren | Instalar un certificado',
  ),
  caCertificate: remembered('CA certificate | Сертификат ЦС | CA-Zertifikat | Certificado de AC'),
  userCertificateVpn: remembered(
    'VPN & app user certificate | Сертификат пользователя для VPN и приложений | VPN- und App-Nutzerzertifikat | Certificado de usuario de VPN y aplicaciones',
  ),
  wifiCertificate: remembered(
    'Wi-Fi certificate | Сертификат Wi-Fi | WLAN-Zertifikat | Certificado de Wi-Fi',
  ),
  // Wi-Fi
  internet: remembered('Internet | Интернет | Internet | Internet'),
  addNetwork: seen('Add network | Добавить сеть | Netzwerk hinzufügen | Añadir red'),
  ssid: remembered('Network name (SSID) | Имя сети (SSID) | Netzwerkname (SSID) | Nombre de la red (SSID)'),
  securityType: remembered('Security | Защита | Sicherheit | Seguridad'),
  enterprise: rememberedName('WPA/WPA2/WPA3-Enterprise'),
  eapMethod: remembered('EAP method | Метод EAP | EAP-Methode | Método EAP'),
  phase2: remembered(
    'Phase 2 authentication | Аутентификация этапа 2 | Phase 2-Authentifizierung | Autenticación de fase 2',
  ),
  peap: same('PEAP'),
  ttls: same('TTLS'),
  tls: same('TLS'),
  mschapv2: same('MSCHAPV2'),
  pap: same('PAP'),
  domain: remembered('Domain | Домен | Domain | Dominio'),
  userCertificate: remembered(
    'User certificate | Сертификат пользователя | Nutzerzertifikat | Certificado de usuario',
  ),
  identity: remembered('Identity | Идентификатор | Identität | Identidad'),
  anonymousIdentity: remembered(
    'Anonymous identity | Анонимный идентификатор | Anonyme Identität | Identidad anónima',
  ),
  privacy: remembered('Privacy | Конфиденциальность | Datenschutz | Privacidad'),
  deviceMac: remembered(
    'Use device MAC | Использовать MAC-адрес устройства | Geräte-MAC verwenden | Usar MAC del dispositivo',
  ),
  privateDns: remembered('Private DNS | Персональный DNS-сервер | Privates DNS | DNS privado'),
  off: remembered('Off | Отключен | Aus | Desactivado'),
} as const

/** The app of strongSwan: its translations of 2024 were read. It has none to Spanish, so that stays in English. */
export const STRONGSWAN_APP = {
  app: same('strongSwan VPN Client'),
  add: seen('Add VPN profile | Добавить VPN профиль | Profil hinzufügen | Add VPN profile'),
  server: seen('Server | Сервер | Server | Server'),
  vpnType: seen('VPN Type | VPN Тип | VPN-Typ | VPN Type'),
  eap: seen(
    'IKEv2 EAP (Username/Password) | IKEv2 EAP (Логин/Пароль) | IKEv2 EAP (Benutzername/Passwort) | IKEv2 EAP (Username/Password)',
  ),
  eapTls: seen(
    'IKEv2 EAP-TLS (Certificate) | IKEv2 EAP-TLS (Сертификат) | IKEv2 EAP-TLS (Zertifikat) | IKEv2 EAP-TLS (Certificate)',
  ),
  userName: seen('Username | Логин | Benutzername | Username'),
  password: seen('Password (optional) | Пароль (необязательный) | Passwort (optional) | Password (optional)'),
  userCertificate: seen(
    'User certificate | Сертификат пользователя | Benutzer-Zertifikat | User certificate',
  ),
  ca: seen('CA certificate | Сертификат CA | CA-Zertifikat | CA certificate'),
  automatically: seen(
    'Select automatically | Выбрать автоматически | Automatisch wählen | Select automatically',
  ),
  profileName: seen(
    'Profile name (optional) | Название профиля (необязательный) | Profilname (optional) | Profile name (optional)',
  ),
  dnsServers: seen('DNS servers | DNS servers | DNS Server | DNS servers'),
  save: seen('Save | Сохранить | Speichern | Save'),
  importProfile: seen(
    'Import VPN profile | Import VPN profile | VPN Profil importieren | Import VPN profile',
  ),
} as const

/** An app of somebody else for SSTP; its windows are in English in every language. */
export const SSTP_APP = {
  app: rememberedName('Open SSTP Client'),
  host: rememberedName('Host'),
  userName: rememberedName('Username'),
  password: rememberedName('Password'),
  verifyHost: rememberedName('Verify Hostname'),
  trusted: rememberedName('Specify Trusted Certificates'),
  protocols: rememberedName('Authentication Protocols'),
  mschapv2: rememberedName('MS-CHAPv2'),
  eapMschapv2: rememberedName('EAP-MSCHAPv2'),
} as const
