import { remembered, same } from '../label.ts'

/** macOS 13 and later, iOS and iPadOS 15 and later: English | Russian | German | Spanish, from memory. */
export const APPLE = {
  systemSettings: remembered(
    'System Settings | Системные настройки | Systemeinstellungen | Ajustes del Sistema',
  ),
  settings: remembered('Settings | Настройки | Einstellungen | Ajustes'),
  general: remembered('General | Основные | Allgemein | General'),
  deviceManagement: remembered(
    'Device Management | Управление устройствами | Geräteverwaltung | Gestión de dispositivos',
  ),
  vpnAndDevices: remembered(
    'VPN & Device Management | VPN и управление устройством | VPN und Geräteverwaltung | VPN y gestión de dispositivos',
  ),
  vpn: same('VPN'),
  install: remembered('Install | Установить | Installieren | Instalar'),
  addVpn: remembered(
    'Add VPN Configuration | Добавить конфигурацию VPN | VPN-Konfiguration hinzufügen | Añadir configuración VPN',
  ),
  type: remembered('Type | Тип | Typ | Tipo'),
  ikev2: same('IKEv2'),
  l2tpMac: remembered('L2TP over IPSec | L2TP через IPSec | L2TP über IPSec | L2TP sobre IPSec'),
  l2tpPhone: same('L2TP'),
  displayName: remembered('Display name | Отображаемое имя | Anzeigename | Nombre visible'),
  description: remembered('Description | Описание | Beschreibung | Descripción'),
  serverAddress: remembered('Server address | Адрес сервера | Serveradresse | Dirección del servidor'),
  server: remembered('Server | Сервер | Server | Servidor'),
  remoteId: remembered('Remote ID | Удаленный ID | Entfernte ID | ID remoto'),
  localId: remembered('Local ID | Локальный ID | Lokale ID | ID local'),
  userAuthentication: remembered(
    'User authentication | Аутентификация пользователя | Benutzerauthentifizierung | Autenticación de usuario',
  ),
  userName: remembered('Username | Имя пользователя | Benutzername | Nombre de usuario'),
  certificate: remembered('Certificate | Сертификат | Zertifikat | Certificado'),
  accountName: remembered('Account name | Имя учетной записи | Accountname | Nombre de cuenta'),
  account: remembered('Account | Учетная запись | Account | Cuenta'),
  password: remembered('Password | Пароль | Passwort | Contraseña'),
  machineAuthentication: remembered(
    'Machine authentication | Аутентификация компьютера | Rechnerauthentifizierung | Autenticación del ordenador',
  ),
  sharedSecret: remembered('Shared secret | Общий ключ | Shared Secret | Secreto compartido'),
  secret: remembered('Secret | Общий ключ | Shared Secret | Secreto'),
  sendAllTraffic: remembered(
    'Send all traffic over VPN connection | Отправлять весь трафик через VPN | Gesamten Verkehr über die VPN-Verbindung senden | Enviar todo el tráfico por la conexión VPN',
  ),
  create: remembered('Create | Создать | Erstellen | Crear'),
  done: remembered('Done | Готово | Fertig | OK'),
  keychain: remembered('Keychain Access | Связка ключей | Schlüsselbundverwaltung | Acceso a Llaveros'),
  systemKeychain: remembered('System | Система | System | Sistema'),
  trust: remembered('Trust | Доверие | Vertrauen | Confiar'),
  alwaysTrust: remembered('Always Trust | Всегда доверять | Immer vertrauen | Confiar siempre'),
  about: remembered('About | Об этом устройстве | Info | Información'),
  certificateTrust: remembered(
    'Certificate Trust Settings | Доверие сертификатам | Zertifikatsvertrauenseinstellungen | Ajustes de confianza de los certificados',
  ),
  wifi: remembered('Wi-Fi | Wi-Fi | WLAN | Wi-Fi'),
  mode: remembered('Mode | Режим | Modus | Modo'),
  eapTls: same('EAP-TLS'),
  identity: remembered('Identity | Идентификационные данные | Identität | Identidad'),
  showCertificate: remembered(
    'Show Certificate | Показать сертификат | Zertifikat einblenden | Mostrar certificado',
  ),
  continueButton: remembered('Continue | Продолжить | Fortfahren | Continuar'),
  trustButton: remembered('Trust | Доверять | Vertrauen | Confiar'),
  terminal: remembered('Terminal | Терминал | Terminal | Terminal'),
} as const
