import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chooseDevice, DeviceMissingError } from './device.ts';
import type { ProbeDevice } from './device.ts';
import { createEngine } from './engine/engine.ts';
import type { Engine } from './engine/engine.ts';
import type { Device } from './models/separator.ts';

function machineWith(...devices: Device[]): ProbeDevice {
  return async (device) => await Promise.resolve(devices.includes(device) ? null : `${device} is not built in.`);
}

test('auto takes the fastest device that works, and says why not a faster one', async () => {
  assert.deepEqual(await chooseDevice('auto', machineWith('cuda', 'webgpu', 'cpu')), {
    device: 'cuda',
    sentence: 'Computing on CUDA.',
  });
  assert.equal((await chooseDevice('auto', machineWith('webgpu', 'cpu'))).device, 'webgpu');
  assert.deepEqual(await chooseDevice('auto', machineWith('cpu')), {
    device: 'cpu',
    sentence: 'Computing on the CPU (no CUDA: cuda is not built in; no WebGPU: webgpu is not built in).',
  });
});

test('a device that the operator named is used, or refused in one sentence, never replaced', async () => {
  assert.equal((await chooseDevice('cpu', machineWith('cuda', 'cpu'))).device, 'cpu');
  await assert.rejects(chooseDevice('cuda', machineWith('cpu')), (error: unknown) => {
    assert.ok(error instanceof DeviceMissingError);
    assert.equal(error.device, 'cuda');
    assert.equal(error.message, 'Woodshed is told to compute on CUDA, which does not work here: cuda is not built in.');
    return true;
  });
});

let engine: Engine;
before(() => {
  engine = createEngine({ threads: 1 });
});
after(async () => {
  await engine.close();
});

test('the engine computes on the CPU, and each other device either computes too or says why not', async () => {
  assert.deepEqual(await engine.run('probeDevice', { device: 'cpu' }), { failure: null });
  for (const device of ['cuda', 'webgpu'] as const) {
    const { failure } = await engine.run('probeDevice', { device });
    assert.ok(failure === null || /^\S[^\n]*$/u.test(failure));
  }
});
