import { isIPv6 } from 'node:net'

/**
 * The network that an address is counted by: an IPv4 address itself, of IPv6 the /64, whose addresses one person has all of (RFC 4291
 * 2.5.1). An IPv4 address in the clothes of IPv6 (RFC 4291 2.5.5.2) is itself again.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  // URLs write each address in one way, with at most one gap (RFC 5952), and know no zone.
  const [head = '', tail = ''] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::')
  const [before, after] = [head, tail].map((part) => part.split(':').filter((group) => group !== '')) as [
    string[],
    string[],
  ]
  const gap = Array<string>(8 - before.length - after.length).fill('0')
  const groups = [...before, ...gap, ...after]
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return `${groups.slice(0, 4).join(':')}::/64`
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16)) as [number, number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
