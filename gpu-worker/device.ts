/** Which device this gpu-worker computes on: settled by trying, once, at its start. */
import type { Device } from './models/separator.ts';

export interface DeviceChoice {
  readonly device: Device;
  /** For the log and `doctor`: which, and why not a faster one. */
  readonly sentence: string;
}

/** Computes something small on the device: null where that works, else why not. */
export type ProbeDevice = (device: Device) => Promise<string | null>;

/** Thrown when the operator named a device that is not there. */
export class DeviceMissingError extends Error {
  override readonly name = 'DeviceMissingError';
  readonly device: Device;

  constructor(device: Device, reason: string) {
    super(`Woodshed is told to compute on ${NAMES[device]}, which does not work here: ${reason}.`);
    this.device = device;
  }
}

const NAMES: Readonly<Record<Device, string>> = { cuda: 'CUDA', webgpu: 'WebGPU', cpu: 'the CPU' };
const FASTEST_FIRST: readonly Device[] = ['cuda', 'webgpu', 'cpu'];

/**
 * @param wanted `auto` takes the fastest that works.
 * @throws DeviceMissingError when the named device does not work. It is never replaced by another.
 */
export async function chooseDevice(wanted: Device | 'auto', probe: ProbeDevice): Promise<DeviceChoice> {
  if (wanted !== 'auto') {
    const failure = await probe(wanted);
    if (failure !== null) throw new DeviceMissingError(wanted, withoutFullStop(failure));
    return { device: wanted, sentence: `Computing on ${NAMES[wanted]}, as configured.` };
  }
  const failures: string[] = [];
  for (const device of FASTEST_FIRST) {
    const failure = await probe(device);
    if (failure === null) {
      const why = failures.length === 0 ? '' : ` (${failures.join('; ')})`;
      return { device, sentence: `Computing on ${NAMES[device]}${why}.` };
    }
    failures.push(`no ${NAMES[device]}: ${withoutFullStop(failure)}`);
  }
  throw new DeviceMissingError('cpu', failures.join('; '));
}

function withoutFullStop(text: string): string {
  return text.replace(/[.\s]+$/u, '');
}
