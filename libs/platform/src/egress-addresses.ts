import ipaddr from 'ipaddr.js';

// From the IANA special-purpose address registries: all that is not globally reachable, and what tunnels to it.
const blockedV4 = ranges(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);
/** All else in IPv6 is not global unicast: loopback, mapped, NAT64, unique local, link local, multicast, SRv6. */
const globalV6 = ranges('2000::/3');
const blockedV6 = ranges('2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20');

/** Clouds hand out credentials here. Not even the operator's list opens them. */
const metadata = ranges(
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
);

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];
export interface Target {
  hostname: string;
  address: string;
  port: number;
}
export type AllowList = (target: Target) => boolean;

/** Reachable from everywhere, and therefore no secret of this network. */
export function isGlobal(address: string): boolean {
  const ip = canonical(address);
  if (!ip) return false;
  return ip.kind() === 'ipv4' ? !within(ip, blockedV4) : within(ip, globalV6) && !within(ip, blockedV6);
}

export function isAlwaysBlocked(address: string): boolean {
  const ip = canonical(address);
  return !ip || within(ip, metadata);
}

/** `host:port` allows what a name resolves to, `CIDR:port` (IPv6 in brackets) a network. Throws on anything else. */
export function parseAllowList(list: string): AllowList {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map(parseEntry);
  return (target) => entries.some((entry) => entry(target));
}

function parseEntry(entry: string): AllowList {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(entry) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (!host || port < 1 || port > 65_535) throw new Error(`"${entry}" is neither host:port nor CIDR:port`);
  const network = rangeOf(host);
  if (!network && (bracketed || host.includes('/'))) throw new Error(`"${host}" is no network`);
  if (!network) return (target) => target.port === port && target.hostname.toLowerCase() === host.toLowerCase();
  return (target) => {
    const ip = canonical(target.address);
    return target.port === port && ip !== null && within(ip, [network]);
  };
}

function rangeOf(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!isLiteral(text)) return null;
  const ip = ipaddr.parse(text);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

/** IPv4 written as IPv6 is that IPv4. Null: no address at all. */
function canonical(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return isLiteral(address) ? ipaddr.process(address) : null;
}

/** Only what a resolver or the URL parser writes; they have already undone octal, hexadecimal and short forms. */
function isLiteral(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function within(ip: ipaddr.IPv4 | ipaddr.IPv6, list: Range[]): boolean {
  return list.some(
    ([base, bits]) => base.kind() === ip.kind() && ip.match([base, bits] as [ipaddr.IPv4 & ipaddr.IPv6, number]),
  );
}

function ranges(...cidrs: string[]): Range[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}
