import { expect, it } from 'vitest'
import { isBrokerUrl } from '../../src/shared/broker-url.ts'

it.each(['mqtt://127.0.0.1:1883', 'mqtts://central.example', 'ws://[::1]:8083/mqtt', 'wss://central.example:8084/'])(
  '%s is the address of a broker',
  (url) => {
    expect(isBrokerUrl(url)).toBe(true)
  },
)

it.each([
  ['', 'nonsense', 'mqtt://', 'http://central.example', 'tcp://central.example:1883'],
  ['mqtt://user@central.example', 'mqtt://user:secret@central.example', 'mqtt://:secret@central.example'],
  ['mqtt://@central.example', 'mqtt://central.example?clientId=kiosk-2', 'wss://central.example/mqtt?'],
  ['mqtt://central.example#x', 'mqtt://central.example#', 'mqtt://central.example/?protocolVersion=5#x'],
])('%s, %s and their like are not', (...urls) => {
  for (const url of urls) expect(isBrokerUrl(url), url).toBe(false)
})
