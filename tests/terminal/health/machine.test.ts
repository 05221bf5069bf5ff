import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readBootId } from '../../../src/terminal/health/boot-id.ts'
import { makeMachine } from '../../../src/terminal/health/machine.ts'
import { makeFolder, randomHex } from '../outbox/open-outbox.ts'

function makeSys(files: Record<string, string>): string {
  const sys = makeFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(sys, path, '..'), { recursive: true })
    writeFileSync(join(sys, path), text)
  }
  return sys
}

it('reads temperature and undervoltage where a Pi has them', async () => {
  const sys = makeSys({
    'class/thermal/thermal_zone0/temp': '48312\n',
    'class/hwmon/hwmon0/name': 'cpu_thermal\n',
    'class/hwmon/hwmon1/name': 'rpi_volt\n',
    'class/hwmon/hwmon1/in0_lcrit_alarm': '1\n',
  })
  const machine = makeMachine(sys, sys)
  expect(await machine.cpuTemperatureC()).toBe(48.312)
  expect(await machine.undervoltage()).toBe(true)
  expect(await machine.diskFreeBytes()).toBeGreaterThan(0)
})

it('says null for what the machine does not tell', async () => {
  const sys = makeSys({ 'class/thermal/thermal_zone0/temp': 'broken' })
  const machine = makeMachine(join(sys, 'gone'), sys)
  expect(await machine.cpuTemperatureC()).toBeNull()
  expect(await machine.undervoltage()).toBeNull()
  expect(await machine.diskFreeBytes()).toBeNull()
})

it('names the boot as the kernel does, else with a name of its own', () => {
  const sys = makeSys({ boot_id: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0\n', bad: 'no uuid' })
  expect(readBootId(randomHex, join(sys, 'boot_id'))).toBe('0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0')
  for (const path of ['bad', 'gone']) expect(readBootId(randomHex, join(sys, path))).toMatch(/^[0-9a-f]{32}$/)
})
