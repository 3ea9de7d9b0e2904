// What package clients (npm, pip, go) may see of our environment: where they keep things and how they reach the network,
// and none of our secrets.

const NAMES = new Set([
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'LANG',
  'CC',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
]);
const PREFIXES = [
  'LC_',
  'GO',
  'CGO_',
  'PIP_',
  'PYENV_',
  'VIRTUAL_ENV',
  'XDG_',
  'SSL_CERT_',
  'npm_config_',
  'NPM_CONFIG_',
];
const PROXIES = /^(?:https?|all|no)_proxy$/iu;

export function toolEnvironment(): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    const passes = NAMES.has(name) || PROXIES.test(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
    if (passes && value !== undefined) chosen[name] = value;
  }
  return chosen;
}
