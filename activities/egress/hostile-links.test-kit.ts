// Addresses that must lead nowhere. Each names the machine itself, its network or its cloud in one of many spellings.

const INNER_HOSTS: readonly string[] = [
  // U1
  [
    '127.0.0.1',
    'localhost',
    'localhost.',
    'LOCALHOST',
    'a.localhost',
    '0',
    '0.0.0.0',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '127.9.8.7',
  ],
  // U2: spellings of 127.0.0.1 and 10.0.0.1 that a URL parser turns into them
  [
    '0x7f000001',
    '2130706433',
    '127.1',
    '0177.0.0.1',
    '127.0.1',
    '0x7f.0x0.0x0.0x1',
    '１２７.0.0.1',
    '127%2e0%2e0%2e1',
    '127。0。0。1',
  ],
  ['①②⑦.0.0.1', '0xa000001', '012.0.0.1', '167772161', '10.1'],
  // U3
  [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[2002:a00:1::]',
    '[::127.0.0.1]',
  ],
  ['[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[fec0::1]', '[ff02::1]', '[2001:db8::1]', '[2001::1]', '[100::1]'],
  // U4
  [
    '169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '2852039166',
    'metadata.google.internal',
    'metadata.google.internal.',
    '100.64.0.1',
    '100.100.100.200',
  ],
  [
    '192.0.0.192',
    '[fd00:ec2::254]',
    '168.63.129.16',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
  ],
  [
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '203.0.113.1',
    'printer',
    'router.local',
    'wiki.corp',
    'db.internal',
    'nas.home.arpa',
  ],
].flat();

/** Refused by their text alone: nobody is asked for an address. */
export const HOSTILE_LINKS: readonly string[] = [
  INNER_HOSTS.flatMap((host) => [`http://${host}/a.mp3`, `https://${host}/a.mp3`]),
  // U9: the host is not what it looks like
  [
    'http://good.example@127.0.0.1/',
    'http://good.example:80@10.0.0.1/',
    'http://user:secret@good.example/a.mp3',
    'http://@good.example@127.0.0.1/',
  ],
  [
    'http:\\\\127.0.0.1\\a.mp3',
    'http:/127.0.0.1/a.mp3',
    'http:127.0.0.1',
    'http://127.0.0.1\\@good.example/',
    'http://127.0.0.1#@good.example/',
  ],
  // U10: services that answer to anybody inside
  [21, 22, 25, 53, 110, 3306, 5432, 6379, 7233, 8080, 9000, 9200, 11_211, 27_017].map(
    (port) => `http://good.example:${String(port)}/a.mp3`,
  ),
  // U7, U14, U15: no addresses of the web
  [
    'file:///etc/passwd',
    'ftp://good.example/a.mp3',
    'gopher://127.0.0.1:6379/_INFO',
    'data:audio/mpeg;base64,AAAA',
    'javascript:alert(1)',
    'blob:http://good.example/1',
  ],
  [
    '--version',
    '-o x',
    '--exec=id',
    '--config-locations=/etc',
    'ytsearch100:x',
    ':ytfav',
    'ytdl://x',
    'concat:a|b',
    'pipe:0',
    '/etc/passwd',
    '../a.mp3',
  ],
  [
    '',
    ' ',
    'http://',
    'https://',
    'http:///a',
    'good.example/a.mp3',
    'http://good.example /a.mp3',
    'http://good.example/a\nb',
    'http://good.\texample/',
    'http://[fe80::1%25eth0]/',
  ],
  [
    'http://[::1',
    'http://1.2.3.4.5.6/',
    'http://256.1.1.1/',
    'http://good.example:99999/',
    `http://good.example/${'a'.repeat(5000)}`,
    'http://\u0000good.example/',
  ],
].flat();

/** Names whose addresses a resolver gives; none may be connected to. */
export const HOSTILE_NAMES: Readonly<Record<string, readonly string[]>> = {
  'private.example': ['10.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'sixth.example': ['::1'],
  'unique.example': ['fd00::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'half.example': ['93.184.215.14', 'fd00::1'],
  'many.example': [...Array.from({ length: 29 }, (_, index) => `93.184.215.${String(index + 14)}`), '192.168.1.1'],
  'nowhere.example': [],
};
