import type { Words } from './words.ts';

export const es: Words = {
  stages: {
    receive: 'Recibir',
    read: 'Leer',
    separate: 'Separar',
    measure: 'Medir',
    encode: 'Codificar',
    deliver: 'Entregar',
  },
  states: {
    queued: 'en espera',
    running: 'en marcha',
    done: 'listo',
    refused: 'rechazado',
    failed: 'fallido',
    cancelled: 'cancelado',
  },
  buttons: { cancel: 'Cancelar', retry: 'Repetir', album: 'Como álbum' },
  messageActions: { split: 'Separar en pistas' },
  summaries: {
    split: 'separar una canción en pistas (un archivo o un enlace directo)',
    jobs: 'qué está en marcha y qué se ha hecho',
    cancel: 'parar un trabajo (sin código, el más reciente)',
    retry: 'repetir un trabajo (sin código, el último que salió mal)',
    help: 'esta lista',
    jam: 'esta banda: sus chats, ajustes y cuotas',
    'jam band': 'qué chats pertenecen a esta banda',
    'jam band create': 'fundar una banda nueva en este chat',
    'jam band code': 'un código con el que otro chat se une a esta banda',
    'jam band join': 'unirse a una banda con su código',
    'jam band leave': 'que este chat vuelva a ir por su cuenta',
    'jam settings': 'lo que esta banda suele recibir; sin opciones: mostrarlo',
    'jam status': 'qué queda de vuestras cuotas y cuándo habrá más',
  },
  options: {
    song: 'un enlace directo, o el código de un trabajo anterior',
    strategy: 'qué pistas',
    want: 'solo estas pistas, en un archivo, p. ej. vocals,drums',
    minus: 'todo menos estas pistas, en un archivo',
    quality: 'fast (rápido) o best (mejor, más lento)',
    format: 'formato de archivo de las pistas',
    code: 'el código',
    name: 'el nombre',
    language: 'de tarjetas y respuestas',
    out: 'carpeta para los archivos',
  },
  card: {
    aLink: () => 'un enlace',
    nextInLine: () => 'el siguiente en la cola',
    jobsBefore: (count) => `${count} trabajos antes que este`,
    timeLeft: (duration) => `faltan unos ${duration}`,
    silent: () => 'silencio',
    peak: (dbtp) => `pico ${dbtp} dBTP`,
    toTarget: (signedDb) => `${signedDb} dB al objetivo`,
    nulls: (db) => `Las pistas se anulan hasta ${db} dB; con el resto dan exactamente la mezcla.`,
    tookBefore: () => 'Ya había separado esta canción, así que aquí está al momento.',
    took: (music, duration) => `${music} de música en ${duration}.`,
    only: (stems) => `solo ${stems}`,
    without: (stems) => `sin ${stems}`,
    sentSmaller: (sent, wanted) => `Enviado como ${sent}, porque ${wanted} es demasiado grande para este chat.`,
    linksUntil: (date) => `Lo que es demasiado grande para este chat está en enlaces hasta ${date}.`,
    left: (fileNames) =>
      `Demasiado grande para este chat: ${fileNames}. Quien lleva Woodshed puede poner una dirección web para enlaces; repite entonces el trabajo.`,
    filesComing: (fileNames, code) => `Aquí llegará ${fileNames} (trabajo ${code}).`,
    ready: (title) => `${title} está listo.`,
    preview: (stem) => `Una muestra de ${stem}`,
    noAlbum: (title) => `No pude hacer un álbum de ${title}; sus pistas están en este chat una por una.`,
  },
  log: {
    receiving: () => 'Recibiendo la canción',
    fetchingLink: () => 'Descargando el enlace',
    looking: () => 'Mirando el archivo',
    separating: (strategy) => `Separando: ${strategy}`,
    fetchingModel: (model) => `Descargando el modelo ${model}; solo ocurre una vez`,
    cutShort: (readSeconds, claimedSeconds) =>
      `El archivo está cortado o dañado: se pudieron leer ${readSeconds} s de ${claimedSeconds} s`,
    damaged: (readSeconds) => `El archivo está dañado: se pudieron leer los primeros ${readSeconds} s`,
    mended: (samples) => `Se repararon ${samples} muestras imposibles`,
  },
  answers: {
    accepted: () => 'En ello; la tarjeta muestra cómo va.',
    acceptedMany: (count) => `En ello: ${count} canciones, cada una con su tarjeta.`,
    needSong: (how) => `Envía una canción con ello: ${how}, con un archivo o un enlace directo.`,
    needSongByMenu: (how, menu) =>
      `Aquí un comando no lleva archivos. Escribe ${how} con un enlace directo, elige «${menu}» en el menú de un mensaje con la canción, o mencióname en un mensaje con el archivo.`,
    tooLargeForChat: (name, limitMegabytes) =>
      `De este chat recibo archivos de hasta ${limitMegabytes} MB, y ${name} es más grande; manda un enlace directo o un archivo más pequeño.`,
    noJobs: (how) => `Aún no hay trabajos. Suelta una canción aquí, o escribe ${how}.`,
    waiting: () => 'en espera',
    inTime: (duration) => `en ${duration}`,
    noSuchJob: (code, how) => `Aquí no hay ningún trabajo ${code}; ${how} los muestra.`,
    nothingRuns: () => 'No hay nada en marcha.',
    isOver: (code, state) => `El trabajo ${code} ya terminó (${state}).`,
    stopping: (code) => `Parando ${code}.`,
    mayNotStop: (code, name) => `Solo ${name}, que pidió ${code}, y quien fundó la banda pueden pararlo.`,
    stillRuns: (code) => `El trabajo ${code} sigue en marcha; cancélalo primero.`,
    nothingToRetry: () => 'No hay nada que repetir.',
    retrying: (code) => `Repitiendo ${code}.`,
    retriedAlready: (code) => `El trabajo ${code} ya se está repitiendo.`,
    tooManyCommands: (duration) => `Eso fue mucho de golpe; vuelvo a escuchar en ${duration}.`,
    albumComing: (code) => `Las pistas de ${code} llegan como álbum.`,
    albumAlready: (code) => `Las pistas de ${code} ya se pidieron como álbum; llega una sola vez.`,
    notYourBand: () => 'Ese trabajo es de una banda en la que no estás.',
    oldButton: (how) => `Este botón ya no hace nada; ${how} muestra los trabajos que hay.`,
    bandCreated: (name) => `${name}: este chat tiene ahora su propia banda.`,
    bandCode: (code, minutes, how) =>
      `En el otro chat, escribe ${how}. El código ${code} vale una vez, durante ${minutes} minutos.`,
    joinByLink: (url) => `En Telegram, esto abre tu propio chat conmigo, en la banda: ${url}`,
    joinGroupByLink: (url) => `Y esto me trae a un grupo, en la banda: ${url}`,
    bandJoined: (name, chats) =>
      `Este chat se ha unido a ${name}, que ya tiene ${chats} chats; los trabajos aparecen en todos.`,
    bandLeft: (name) => `Este chat vuelve a ir por su cuenta, como ${name}.`,
    codeUnknown: () => 'No conozco ese código; pide uno nuevo en el otro chat.',
    codeExpired: () => 'Ese código ha caducado; pide uno nuevo en el otro chat.',
    codeUsed: () => 'Ese código ya se usó; pide uno nuevo en el otro chat.',
    joinedAlready: () => 'Este chat ya está en esa banda.',
    tooManyCodes: (duration) => `Demasiados códigos equivocados; prueba otra vez en ${duration}.`,
    settings: (band) => `Lo que ${band} suele recibir:`,
    saved: () => 'Guardado.',
    usual: (value) => `${value} (como todos)`,
    shares: (band) => `Lo que queda, para ti y para ${band}:`,
    jobsLeft: (left, limit) => `${left} de ${limit} trabajos por hora`,
    minutesLeft: (left, limit) => `${left} de ${limit} minutos de música al día`,
    megabytesLeft: (left, limit) => `${left} de ${limit} MB al día`,
    moreIn: (duration) => `más en ${duration}`,
    helpEnd: () => 'Un archivo o un enlace basta: se separa con los ajustes de siempre.',
    dropHint: (how, help) => `Suelta una canción aquí, o escribe ${how}; ${help} lo muestra todo.`,
    wentWrong: () => 'Eso no ha funcionado; inténtalo de nuevo.',
  },
  failures: {
    'file-missing': () => 'No encuentro ese archivo; revisa el nombre o envíalo de nuevo.',
    'empty-file': () => 'Ese archivo está vacío; envíalo de nuevo.',
    'not-audio': () => 'Eso no es un archivo de audio; envía MP3, WAV, FLAC, OGG, M4A o similar.',
    'no-audio-stream': () => 'No hay sonido en ese archivo; envía uno con pista de audio.',
    'unreadable-audio': () => 'No puedo leer ese audio, parece dañado; expórtalo de nuevo y envía el archivo nuevo.',
    'protected-audio': () => 'Ese archivo está protegido contra copia; envía una copia sin protección.',
    'too-large': (fact) =>
      `Ese archivo es demasiado grande (el límite son ${fact('limitMegabytes')} MB); envía uno más pequeño o comprimido.`,
    'too-long': (fact) =>
      `Esa canción es demasiado larga (el límite son ${fact('limitMinutes')} minutos); envía una parte más corta.`,
    'too-short': () => 'Esa grabación es demasiado corta; envía al menos un segundo de música.',
    'too-many-channels': (fact) =>
      `Ese archivo tiene demasiados canales (el límite son ${fact('limitChannels')}); envía una mezcla estéreo.`,
    'unsupported-rate': (fact) =>
      `No puedo trabajar con esa frecuencia (${fact('foundHz')} Hz); expórtalo a 44,1 o 48 kHz.`,
    'link-invalid': () =>
      'Ese enlace no lo puedo abrir; envía un enlace directo http o https a un archivo de audio, o el archivo mismo.',
    'link-blocked': () =>
      'No puedo abrir ese enlace; envía un enlace público a un archivo de audio, o el archivo mismo.',
    'link-unreachable': () => 'Ese enlace no responde; revísalo, o envía el archivo mismo.',
    'link-refused': (fact) =>
      `Ese enlace no está disponible (el sitio respondió ${fact('status', 'que no')}); revísalo, o envía el archivo mismo.`,
    'link-not-audio': () =>
      'Ese enlace no lleva a un archivo de audio; envía un enlace directo a uno, o el archivo mismo.',
    'site-off': (fact) =>
      `Los enlaces a ${fact('site', 'ese sitio')} no están activados aquí; envía el archivo de audio, o un enlace directo.`,
    'site-unavailable': (fact) =>
      `El sitio ${fact('site')} no me dio esa canción (privada, retirada o bloqueada); envía el archivo de audio.`,
    'site-live': () => 'Eso es una emisión en directo; envía una grabación.',
    'unknown-strategy': (fact) => `No conozco esa forma de separar; elige una de: ${fact('known')}.`,
    'option-invalid': (fact) =>
      `No entiendo la opción ${fact('option', 'que has dado')}; elige una de: ${fact('known')}.`,
    'model-missing': (fact) =>
      `El modelo ${fact('model')} no está instalado y no se pudo descargar; pide a quien lleva Woodshed que ejecute "npm run doctor".`,
    'model-not-licensed': (fact) =>
      `El modelo ${fact('model')} no se puede usar comercialmente y está desactivado aquí; elige otra estrategia.`,
    'model-invalid': (fact) =>
      `El modelo ${fact('model')} no es lo que debe ser; pide a quien lleva Woodshed que ejecute "npm run doctor".`,
    'out-of-memory': () => 'Esta máquina no tiene memoria para ese modelo; prueba con quality fast u otra estrategia.',
    'no-space': () =>
      'Aquí ya no queda espacio en disco; pide a quien lleva Woodshed que haga sitio, y prueba de nuevo.',
    'delivery-folder': () => 'No puedo escribir en esa carpeta; elige otra con --out.',
    'too-many-files': (fact) =>
      `Son más canciones de las que acepto a la vez (${fact('limit', '10')}); envíalas en grupos más pequeños.`,
    'unknown-stem': (fact) => `No puedo sacar esas pistas juntas; elige entre: ${fact('known')}.`,
    'quota-jobs': (fact) =>
      `Has gastado tus ${fact('limit')} canciones de esta hora; la próxima queda libre en ${fact('minutesUntilFree')} minutos.`,
    'quota-minutes': (fact) =>
      `A tu banda le quedan hoy ${fact('left')} de ${fact('limit')} minutos de música; más en ${fact('hoursUntilFree')} horas.`,
    'quota-bytes': (fact) =>
      `A tu banda le quedan hoy ${fact('left')} de ${fact('limit')} MB; más en ${fact('hoursUntilFree')} horas.`,
    cancelled: () => 'Cancelado.',
    internal: () => 'Algo ha fallado por mi parte; inténtalo de nuevo.',
  },
};
