import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress } from './public-address.ts';

const NOT_PUBLIC = [
  // IPv4: this network, private, shared, loopback, link-local, IETF, documentation, benchmarks, multicast, reserved, broadcast.
  ['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
  [
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.0.1',
  ],
  ['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1'],
  ['255.255.255.255', '168.63.129.16'],
  // IPv6: unspecified, loopback, v4 inside (mapped, compatible, translated, NAT64, 6to4, Teredo), link-local, unique local, others.
  [
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::10.0.0.1',
    '::ffff:0:127.0.0.1',
  ],
  [
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:4136:e378::',
    'fe80::1',
    'fe80::1%eth0',
  ],
  [
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff::1',
    'ff02::1',
    '2001:db8::1',
    '100::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
  ],
  // No addresses at all.
  ['', 'localhost', '1.2.3', '1.2.3.4.5', 'example.com', '1.2.3.4%eth0'],
].flat();
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.215.14',
  '172.32.0.1',
  '100.128.0.1',
  '192.1.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

for (const address of NOT_PUBLIC) {
  test(`${JSON.stringify(address)} is not public`, () => {
    assert.equal(isPublicAddress(address), false);
  });
}

for (const address of PUBLIC) {
  test(`${address} is public`, () => {
    assert.equal(isPublicAddress(address), true);
  });
}
