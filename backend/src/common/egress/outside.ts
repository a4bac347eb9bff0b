import { BlockList, isIP } from 'node:net';

/** Addresses that no service of others has: this machine, its networks, and what stands for nobody (RFC 6890 and others). */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inside.addSubnet(net, bits);
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

/** Whether a connection may go to this address, once a name was looked up. IPv4 inside IPv6 is judged as IPv4. */
export function isOutside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIP(plain);
  if (family === 0) return false;
  return !inside.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Whether a name that was looked up stands for this very machine. */
export const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./i.test(address);

/**
 * Whether an address that somebody named may be asked: https and no address of ours. With `allowsLoopback`, where the
 * whole installation runs on one machine for a try, that machine as well, without https.
 */
export function isOutsideUrl(address: string, allowsLoopback: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  if (allowsLoopback && LOOPBACK.has(hostname)) return protocol === 'http:' || protocol === 'https:';
  if (protocol !== 'https:') return false;
  const literal = hostname.replace(/^\[|\]$/g, '');
  // A name without a dot is one of the local network's.
  return isIP(literal) === 0 ? hostname.includes('.') && !hostname.endsWith('.localhost') : isOutside(literal);
}
