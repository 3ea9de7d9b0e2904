import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
// Public by its range, yet answered by the host of an Azure machine with that machine's own metadata.
const CLOUD_HOST = '168.63.129.16';

/**
 * True for addresses that anyone on the internet may reach, and for nothing else: lists of what is bad have always had holes.
 * Addresses that carry an IPv4 address inside (v4-mapped, NAT64) are judged by that one. False for text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js alone would read `1.2.3` as 1.2.0.3.
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicV4(parsed);
  if (parsed.zoneId !== undefined && parsed.zoneId !== null) return false;
  if (parsed.isIPv4MappedAddress()) return isPublicV4(parsed.toIPv4Address());
  if (parsed.match(NAT64)) return isPublicV4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  return parsed.match(GLOBAL_UNICAST_V6) && parsed.range() === 'unicast';
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== CLOUD_HOST;
}
