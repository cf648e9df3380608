import type { PageTexts } from './texts.ts'

export const ES: PageTexts = {
  title: 'Configurar la conexión',
  language: 'Idioma',
  connection: 'Conexión',
  device: 'Su dispositivo',
  once: 'Funciona una sola vez: el archivo se crea para usted al pulsar el botón. No lo comparta: quien lo tenga puede conectarse en su nombre. Deje esta página abierta hasta que esté conectado.',
  thisDevice: 'Este dispositivo',
  systems: { windows: 'Windows', apple: 'iPhone, iPad, Mac', android: 'Android', linux: 'Linux' },
  download: 'Obtener el archivo para {system}',
  afterFile: 'Después',
  next: {
    windows: [
      'Abra el archivo descargado. Si Windows advierte de él, elija «Más información» y «Ejecutar de todas formas».',
      'Si Windows pregunta si se permiten cambios en este dispositivo, elija «Sí». Puede preguntarlo más de una vez.',
      'Si una ventana pide una contraseña, escriba la que se muestra arriba; si no hay ninguna, la suya.',
      'Espere a que la ventana indique que ha terminado y ciérrela.',
    ],
    apple: [
      'iPhone y iPad: abra Ajustes, pulse «Perfil descargado», después «Instalar», y escriba el código del dispositivo.',
      'Mac: abra el archivo descargado, después Ajustes del Sistema; en «Perfiles» (Gestión de dispositivos) haga doble clic en el perfil, pulse «Instalar» y escriba la contraseña del Mac.',
      'Donde se pida la contraseña del certificado, escriba la que se muestra arriba.',
    ],
    android: [
      'Instale primero la aplicación «strongSwan VPN Client» desde la tienda, si no la tiene.',
      'Abra el archivo descargado con esa aplicación, compare el nombre del servidor y pulse «Importar».',
      'Si Android pide la contraseña del certificado, escriba la que se muestra arriba.',
    ],
    linux: [
      'Abra un terminal en la carpeta del archivo y ejecútelo: sh ARCHIVO.',
      'Pide su contraseña donde necesita derechos de administrador (sudo), y la de la conexión si la tiene.',
    ],
  },
  byHand: 'Configurar a mano',
  whyByHand: 'Si el archivo no funciona o no se puede abrir: los mismos ajustes, paso a paso.',
  byFile: 'Volver al archivo',
  version: '¿Cuál tiene usted?',
  fetchOwn: 'Obtener su archivo',
  fetchRoot: 'Obtener {file}',
  password: 'Anote esta contraseña: se le pedirá al abrir el archivo. Solo se muestra aquí.',
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
  afterGone: [
    'Ya tiene el archivo: sigue siendo válido. Ábralo y continúe; de aquí no necesita nada más.',
    'No tiene ningún archivo, o necesita uno para otro dispositivo: pida un enlace o un código nuevo.',
    'Nunca obtuvo un archivo: avise enseguida al servicio de ayuda. Puede que otra persona haya usado su enlace.',
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
