// What the compute process may see of our environment: where the drivers of GPUs are found, and none of our secrets.

const NAMES = new Set(['HOME', 'LD_LIBRARY_PATH', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR']);
const PREFIXES = ['CUDA_', 'NVIDIA_', 'VK_', 'MESA_'];

export function deviceEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const passes = NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
    if (passes && value !== undefined) chosen[name] = value;
  }
  return chosen;
}
