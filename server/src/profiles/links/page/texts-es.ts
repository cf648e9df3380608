import type { PageTexts } from './texts.ts'

export const ES: PageTexts = {
  title: 'Configurar la conexión',
  choose: 'Elija su dispositivo. El archivo se crea para usted al pulsar el botón.',
  once: 'Funciona una sola vez. No comparta el archivo: quien lo tenga puede conectarse en su nombre.',
  thisDevice: 'Este dispositivo',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  next: {
    windows: [
      'Abra el archivo descargado. Si Windows advierte de él, elija «Más información» y «Ejecutar de todas formas».',
      'Espere a que indique que ha terminado y conéctese desde el icono de red.',
    ],
    apple: [
      'iPhone y iPad: abra Ajustes, pulse «Perfil descargado» e instálelo.',
      'Mac: abra el archivo descargado, después Ajustes del Sistema, e instálelo en «Perfiles» (Gestión de dispositivos).',
    ],
    android: [
      'Instale primero la aplicación «strongSwan VPN Client», si no la tiene.',
      'Abra el archivo descargado con esa aplicación e impórtelo.',
    ],
    linux: ['Abra un terminal en la carpeta del archivo y ejecútelo: sh ARCHIVO.'],
  },
  password: 'Anote esta contraseña: se le pedirá al abrir el archivo.',
  otherDevice: 'Para configurar un teléfono, apunte aquí con su cámara.',
  code: { title: 'Introduzca su código', label: 'Código', button: 'Continuar' },
  login: {
    title: 'Iniciar sesión',
    name: 'Nombre de usuario',
    password: 'Contraseña',
    button: 'Iniciar sesión',
  },
  help: 'Ayuda',
  gone: [
    'Esto ya no funciona',
    'El enlace o el código es incorrecto, ya se usó o ha caducado. Pida uno nuevo.',
  ],
  wait: ['Espere, por favor', 'Vuelva a intentarlo dentro de {seconds} segundos.'],
  approval: [
    'Hace falta una aprobación',
    'Primero debe aprobarlo la administración. No se ha gastado nada: después su enlace seguirá sirviendo.',
  ],
  refused: [
    'Ahora no se puede configurar para usted',
    'Pregunte al servicio de ayuda: allí se ve el motivo. No se ha gastado nada.',
  ],
  wrong: ['No ha funcionado', 'El nombre o la contraseña son incorrectos, o la cuenta no se admite ahora.'],
  nothing: [
    'Aquí no hay nada para usted',
    'Su cuenta no puede obtener ninguna conexión. Pregunte al servicio de ayuda.',
  ],
  unavailable: ['Ahora no', 'Algo necesario no responde. Vuelva a intentarlo dentro de unos minutos.'],
  mail: {
    subject: 'Su conexión: {connections}',
    text: 'Hola, {person}:\n\neste enlace configura {connections} en su dispositivo:\n\n{url}\n\nFunciona una sola vez, hasta {until}. No lo comparta: quien lo tenga puede conectarse en su nombre.\nSi no esperaba este mensaje, avise al servicio de ayuda.\n',
  },
}
