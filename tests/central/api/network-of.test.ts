import { describe, expect, it } from 'vitest'
import { networkOf } from '../../../src/central/api/network-of.ts'

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['0:0:0:0:0:FFFF:c000:0207', '192.0.2.7'],
    ['2001:db8:0:1::9', '2001:db8:0:1::/64'],
    ['2001:0DB8::1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['2001:db8:1::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['no address', 'no address'],
  ])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network))
})
