import type { Words } from './words.ts';

export const de: Words = {
  stages: {
    receive: 'Annehmen',
    read: 'Lesen',
    separate: 'Trennen',
    measure: 'Messen',
    encode: 'Kodieren',
    deliver: 'Liefern',
  },
  states: {
    queued: 'wartet',
    running: 'läuft',
    done: 'fertig',
    refused: 'abgelehnt',
    failed: 'gescheitert',
    cancelled: 'abgebrochen',
  },
  buttons: {
    cancel: 'Abbrechen',
    retry: 'Noch einmal',
    album: 'Als Album',
    link: 'Konto verknüpfen',
    upload: 'Hochladen',
  },
  messageActions: { split: 'In Spuren trennen' },
  summaries: {
    split: 'einen Song in Spuren trennen (eine Datei oder ein direkter Link)',
    jobs: 'was läuft und was fertig ist',
    cancel: 'einen Auftrag abbrechen (ohne Code den neuesten)',
    retry: 'einen Auftrag wiederholen (ohne Code den letzten, der nicht geklappt hat)',
    help: 'diese Liste',
    jam: 'diese Band: ihre Chats, Einstellungen und Anteile',
    'jam band': 'welche Chats zu dieser Band gehören',
    'jam band create': 'in diesem Chat eine neue Band gründen',
    'jam band code': 'ein Code, mit dem ein anderer Chat dieser Band beitritt',
    'jam band join': 'einer Band mit ihrem Code beitreten',
    'jam band leave': 'dieser Chat geht wieder eigene Wege',
    'jam link': 'im Browser zeigen, wer du bist; mit Code: dass du es warst',
    'jam unlink': 'dieses Chatkonto wieder lösen',
    'jam settings': 'was diese Band üblicherweise bekommt; ohne Optionen: anzeigen',
    'jam status': 'was von euren Anteilen übrig ist und wann wieder mehr frei wird',
  },
  options: {
    song: 'ein direkter Link oder der Code eines früheren Auftrags',
    strategy: 'welche Spuren',
    want: 'nur diese Spuren in einer Datei, z. B. vocals,drums',
    minus: 'alles außer diesen Spuren in einer Datei',
    quality: 'fast (schnell) oder best (besser, langsamer)',
    format: 'Dateiformat der Spuren',
    code: 'der Code',
    name: 'der Name',
    language: 'von Karten und Antworten',
    inviteonly: 'ob Mitglieder nur für die bürgen, die mit dem Code kamen',
    out: 'Ordner für die Dateien',
  },
  card: {
    aLink: () => 'ein Link',
    nextInLine: () => 'als Nächstes dran',
    jobsBefore: (count) => `${count} Aufträge davor`,
    timeLeft: (duration) => `noch etwa ${duration}`,
    silent: () => 'still',
    peak: (dbtp) => `Spitze ${dbtp} dBTP`,
    toTarget: (signedDb) => `${signedDb} dB bis Ziel`,
    nulls: (db) => `Die Spuren löschen sich bis ${db} dB aus; mit dem Rest ergeben sie genau den Mix.`,
    tookBefore: () => 'Diesen Song hatte ich schon getrennt, darum ist er sofort da.',
    took: (music, duration) => `${music} Musik in ${duration}.`,
    only: (stems) => `nur ${stems}`,
    without: (stems) => `ohne ${stems}`,
    sentSmaller: (sent, wanted) => `Als ${sent} geschickt, weil ${wanted} für diesen Chat zu groß ist.`,
    linksUntil: (date) => `Was für diesen Chat zu groß ist, liegt bis ${date} hinter Links.`,
    left: (fileNames) =>
      `Zu groß für diesen Chat: ${fileNames}. Wer Woodshed betreibt, kann eine Webadresse für Links einrichten; dann den Auftrag wiederholen.`,
    filesComing: (fileNames, code) => `Hier kommt ${fileNames} (Auftrag ${code}).`,
    ready: (title) => `${title} ist fertig.`,
    preview: (stem) => `Eine Kostprobe: ${stem}`,
    noAlbum: (title) => `Aus ${title} konnte ich kein Album machen; die Spuren stehen hier im Chat einzeln.`,
    linkMeanwhile: (name) => `${name}, verknüpfe dein Konto, um die Spuren zu bekommen: drück den Knopf.`,
    linkForResult: (name) =>
      `Die Spuren sind fertig. ${name}, verknüpfe dein Konto, um sie zu bekommen: drück den Knopf.`,
    linkLate: (name) =>
      `${name} hat noch kein Konto verknüpft. Die Spuren sind aufgehoben und kommen, sobald das getan ist.`,
    keptUntil: (date) => `Aufgehoben werden sie bis zum ${date}.`,
  },
  log: {
    receiving: () => 'Der Song kommt an',
    fetchingLink: () => 'Der Link wird geholt',
    looking: () => 'Die Datei wird angesehen',
    separating: (strategy) => `Wird getrennt: ${strategy}`,
    fetchingModel: (model) => `Das Modell ${model} wird geholt; das geschieht einmal`,
    cutShort: (readSeconds, claimedSeconds) =>
      `Die Datei ist abgeschnitten oder beschädigt: ${readSeconds} s von ${claimedSeconds} s waren lesbar`,
    damaged: (readSeconds) => `Die Datei ist beschädigt: die ersten ${readSeconds} s waren lesbar`,
    mended: (samples) => `${samples} unmögliche Samples wurden ausgebessert`,
  },
  answers: {
    accepted: () => 'Bin dran; die Karte zeigt, wie weit es ist.',
    acceptedMany: (count) => `Bin dran: ${count} Songs, jeder mit seiner Karte.`,
    needSong: (how) => `Schick einen Song mit: ${how}, mit einer Datei oder einem direkten Link.`,
    needSongByMenu: (how, menu) =>
      `Ein Befehl trägt hier keine Datei. Tippe ${how} mit einem direkten Link, wähle „${menu}“ im Menü einer Nachricht mit dem Song, oder erwähne mich in einer Nachricht mit der Datei.`,
    tooLargeForChat: (name, limitMegabytes) =>
      `Aus diesem Chat bekomme ich Dateien bis ${limitMegabytes} MB, und ${name} ist größer; schick einen direkten Link dorthin oder eine kleinere Datei.`,
    uploadHere: () => 'Oder lade ihn innerhalb eines Tages auf deiner Seite hoch: der Auftrag startet von selbst.',
    noJobs: (how) => `Noch keine Aufträge. Zieh einen Song hierher oder tippe ${how}.`,
    waitsForLink: (name) => `fertig, sobald ${name} ein Konto verknüpft hat`,
    inTime: (duration) => `in ${duration}`,
    noSuchJob: (code, how) => `Den Auftrag ${code} gibt es hier nicht; ${how} listet alle auf.`,
    nothingRuns: () => 'Es läuft nichts.',
    isOver: (code, state) => `Auftrag ${code} ist schon vorbei (${state}).`,
    stopping: (code) => `${code} wird abgebrochen.`,
    mayNotStop: (code, name) => `Nur wer ${code} angefragt hat (${name}) und wem die Band gehört, kann ihn abbrechen.`,
    stillRuns: (code) => `Auftrag ${code} läuft noch; brich ihn zuerst ab.`,
    nothingToRetry: () => 'Es gibt nichts zu wiederholen.',
    retrying: (code) => `${code} wird wiederholt.`,
    retriedAlready: (code) => `Auftrag ${code} wird schon wiederholt.`,
    tooManyCommands: (duration) => `Das war viel auf einmal; in ${duration} höre ich wieder zu.`,
    albumComing: (code) => `Die Spuren von ${code} kommen als Album.`,
    albumAlready: (code) => `Die Spuren von ${code} waren schon als Album gewünscht; es kommt nur einmal.`,
    notYourBand: () => 'Dieser Auftrag gehört einer Band, in der du nicht bist.',
    oldButton: (how) => `Dieser Knopf tut nichts mehr; ${how} listet die Aufträge auf.`,
    bandCreated: (name) => `${name}: dieser Chat hat jetzt eine eigene Band.`,
    bandCode: (code, minutes, how) =>
      `Tippe im anderen Chat ${how}. Der Code ${code} gilt einmal und ${minutes} Minuten lang.`,
    joinByLink: (url) => `Auf Telegram öffnet das deinen eigenen Chat mit mir, in dieser Band: ${url}`,
    joinGroupByLink: (url) => `Und das holt mich in eine Gruppe, in dieser Band: ${url}`,
    bandJoined: (name, chats) =>
      `Dieser Chat gehört jetzt zu ${name} mit ${chats} Chats; Aufträge erscheinen in allen.`,
    bandLeft: (name) => `Dieser Chat geht wieder eigene Wege, als ${name}.`,
    codeUnknown: () => 'Diesen Code kenne ich nicht; hol im anderen Chat einen neuen.',
    codeExpired: () => 'Dieser Code ist abgelaufen; hol im anderen Chat einen neuen.',
    codeUsed: () => 'Dieser Code ist verbraucht; hol im anderen Chat einen neuen.',
    joinedAlready: () => 'Dieser Chat ist schon in dieser Band.',
    tooManyCodes: (duration) => `Das waren zu viele falsche Codes; versuche es in ${duration} wieder.`,
    settings: (band) => `Was ${band} üblicherweise bekommt:`,
    saved: () => 'Gemerkt.',
    usual: (value) => `${value} (wie alle)`,
    linkHere: (minutes) =>
      `Diese Seite ist nur für dich: melde dich dort in den nächsten ${minutes} Minuten an, dann komm zurück.`,
    linkToGet: () => 'Verknüpfe dein Konto, um die Spuren zu bekommen; bis dahin warten sie auf dich.',
    linkPrivately: (how) => `Tippe ${how}: die Antwort siehst nur du.`,
    linkInPrivate: () => 'Der Knopf öffnet unser privates Gespräch; dort bekommst du eine Seite nur für dich.',
    linkAsYourself: () =>
      'Ein Kanal und ein namenloser Admin haben kein Konto zum Verknüpfen; frag unter deinem Namen.',
    linkedAlready: (how) => `Dein Konto ist schon verknüpft; ${how} löst es wieder.`,
    linked: () => 'Fertig: dein Konto ist verknüpft.',
    linkCodeWrong: () => 'Das ist nicht der Code, den dein Browser zeigt, oder er ist abgelaufen.',
    linkCodeSpent: (how) => `Das waren zu viele falsche Codes; fang mit ${how} noch einmal an.`,
    linkingOff: () => 'Konten lassen sich hier nicht verknüpfen; es braucht auch niemand.',
    unlinked: (how) => `Dein Konto ist nicht mehr verknüpft; ${how} verknüpft es wieder.`,
    notLinked: () => 'Von dir ist hier kein Konto verknüpft.',
    shares: (band) => `Was übrig ist, für dich und für ${band}:`,
    jobsLeft: (left, limit) => `${left} von ${limit} Aufträgen je Stunde`,
    minutesLeft: (left, limit) => `${left} von ${limit} Minuten Musik am Tag`,
    megabytesLeft: (left, limit) => `${left} von ${limit} MB am Tag`,
    moreIn: (duration) => `mehr in ${duration}`,
    helpEnd: () => 'Eine Datei oder ein Link genügt: getrennt wird mit den üblichen Einstellungen.',
    dropHint: (how, help) => `Zieh einen Song hierher oder tippe ${how}; ${help} zeigt alles.`,
    wentWrong: () => 'Das hat nicht geklappt; bitte noch einmal versuchen.',
  },
  failures: {
    'file-missing': () => 'Diese Datei finde ich nicht; prüfe den Namen oder schick sie noch einmal.',
    'empty-file': () => 'Diese Datei ist leer; bitte schick sie noch einmal.',
    'not-audio': () => 'Das ist keine Audiodatei; schick MP3, WAV, FLAC, OGG, M4A oder Ähnliches.',
    'no-audio-stream': () => 'In dieser Datei ist kein Ton; schick eine mit einer Tonspur.',
    'unreadable-audio': () =>
      'Diesen Ton kann ich nicht lesen, er scheint beschädigt; exportiere ihn neu und schick die neue Datei.',
    'protected-audio': () => 'Diese Datei ist kopiergeschützt; schick eine ungeschützte Kopie.',
    'too-large': (fact) =>
      `Diese Datei ist zu groß (erlaubt sind ${fact('limitMegabytes')} MB); schick eine kleinere oder komprimierte.`,
    'too-long': (fact) =>
      `Dieser Song ist zu lang (erlaubt sind ${fact('limitMinutes')} Minuten); schick einen kürzeren Teil.`,
    'too-short': () => 'Diese Aufnahme ist zu kurz; schick mindestens eine Sekunde Musik.',
    'too-many-channels': (fact) =>
      `Diese Datei hat zu viele Kanäle (erlaubt sind ${fact('limitChannels')}); schick einen Stereomix.`,
    'unsupported-rate': (fact) =>
      `Mit dieser Abtastrate (${fact('foundHz')} Hz) kann ich nicht arbeiten; exportiere mit 44,1 oder 48 kHz.`,
    'link-invalid': () =>
      'Diesen Link kann ich nicht öffnen; schick einen direkten http- oder https-Link zu einer Audiodatei oder die Datei selbst.',
    'link-blocked': () =>
      'Diesen Link darf ich nicht öffnen; schick einen öffentlichen Link zu einer Audiodatei oder die Datei selbst.',
    'link-unreachable': () => 'Dieser Link antwortet nicht; prüfe ihn oder schick die Datei selbst.',
    'link-refused': (fact) =>
      `Dieser Link ist nicht verfügbar (Antwort der Seite: ${fact('status', 'nein')}); prüfe ihn oder schick die Datei selbst.`,
    'link-not-audio': () =>
      'Dieser Link führt nicht zu einer Audiodatei; schick einen direkten Link zu einer oder die Datei selbst.',
    'site-off': (fact) =>
      `Links zu ${fact('site', 'dieser Seite')} sind hier nicht eingeschaltet; schick die Audiodatei selbst oder einen direkten Link.`,
    'site-unavailable': (fact) =>
      `Die Seite ${fact('site')} gibt diesen Song nicht her (privat, entfernt oder gesperrt); schick die Audiodatei selbst.`,
    'site-live': () => 'Das ist eine Liveübertragung; schick stattdessen eine Aufnahme.',
    'unknown-strategy': (fact) => `Diese Art zu trennen kenne ich nicht; zur Wahl stehen: ${fact('known')}.`,
    'option-invalid': (fact) =>
      `Ich verstehe diese Angabe nicht (${fact('option', 'Option')}); möglich sind: ${fact('known')}.`,
    'model-missing': (fact) =>
      `Das Modell ${fact('model')} fehlt und war nicht zu holen; wer Woodshed betreibt, möge "npm run doctor" ausführen.`,
    'model-not-licensed': (fact) =>
      `Das Modell ${fact('model')} darf nicht kommerziell genutzt werden und ist hier ausgeschaltet; wähle eine andere Strategie.`,
    'model-invalid': (fact) =>
      `Das Modell ${fact('model')} ist nicht, was es sein soll; wer Woodshed betreibt, möge "npm run doctor" ausführen.`,
    'out-of-memory': () =>
      'Dieser Rechner hat zu wenig Speicher für dieses Modell; versuche quality fast oder eine andere Strategie.',
    'no-space': () => 'Hier ist kein Plattenplatz mehr; wer Woodshed betreibt, möge Platz schaffen, dann noch einmal.',
    'delivery-folder': () => 'In diesen Ordner kann ich nicht schreiben; wähle mit --out einen anderen.',
    'too-many-files': (fact) =>
      `Das sind mehr Songs, als ich auf einmal nehme (${fact('limit', '10')}); schick sie in kleineren Gruppen.`,
    'unknown-stem': (fact) => `Diese Spuren kann ich nicht zusammen herausholen; zur Wahl stehen: ${fact('known')}.`,
    'quota-jobs': (fact) =>
      `Deine ${fact('limit')} Songs dieser Stunde sind verbraucht; der nächste ist in ${fact('minutesUntilFree')} Minuten frei.`,
    'quota-minutes': (fact) =>
      `Eure Band hat heute noch ${fact('left')} von ${fact('limit')} Minuten Musik; mehr in ${fact('hoursUntilFree')} Stunden.`,
    'quota-bytes': (fact) =>
      `Eure Band hat heute noch ${fact('left')} von ${fact('limit')} MB; mehr in ${fact('hoursUntilFree')} Stunden.`,
    'account-not-linked': () =>
      'Solange die Spuren aufgehoben waren, hat niemand ein Konto verknüpft; verknüpfe deines und wiederhole den Auftrag.',
    cancelled: () => 'Abgebrochen.',
    internal: () => 'Bei mir ist etwas schiefgegangen; bitte noch einmal versuchen.',
  },
};
