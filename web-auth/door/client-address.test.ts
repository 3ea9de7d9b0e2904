import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { clientAddress } from './client-address.ts';

for (const [peer, forwarded, address] of [
  ['203.0.113.5', undefined, '203.0.113.5'],
  ['::ffff:203.0.113.5', undefined, '203.0.113.5'],
  ['2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::'],
  ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['172.18.0.2', '10.6.6.6, 198.51.100.1', '198.51.100.1'],
  ['::1', ' 2001:db8:1:2:3:4:5:6 ', '2001:db8:1:2::'],
  ['127.0.0.1', 'nonsense', '127.0.0.1'],
  ['127.0.0.1', '', '127.0.0.1'],
  [undefined, '198.51.100.1', 'unknown'],
] as const) {
  test(`${peer ?? 'nobody'}, forwarded for ${forwarded ?? 'nobody'}, counts as ${address}`, () => {
    const socket = { remoteAddress: peer } as Socket;
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    assert.equal(clientAddress({ socket, headers }), address);
  });
}
