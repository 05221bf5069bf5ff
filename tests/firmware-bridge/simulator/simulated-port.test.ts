import { describe, expect, it } from 'vitest'
import { formatLine } from '../../../firmware-bridge/line/format-line.ts'
import type { PortOpener } from '../../../firmware-bridge/serial/box-port.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { openBox, openKnownBox } from '../../support/box-script.ts'

async function listen(openPort: PortOpener) {
  const port = await openPort()
  const heard = { text: '', closed: [] as string[] }
  port.onBytes((bytes) => {
    heard.text += Buffer.from(bytes).toString('latin1')
  })
  port.onClosed((reason) => void heard.closed.push(reason))
  return { port, heard }
}

describe('the cable to a simulated box', () => {
  it('carries both ways at the pace of the line', async () => {
    const box = openBox()
    const { port, heard } = await listen(makeSimulatedPortOpener(box, { isCablePowered: false }))
    const identity = formatLine({ type: 'set-identity', boxId: '0a1b2c3d' })
    box.advance(100)
    port.write(identity)
    // 16 bytes take 2.8 ms at 57600 baud, so this power cut is in the midst of them.
    box.advance(2)
    box.powerOff()
    box.advance(10)
    box.powerOn()
    box.advance(100)
    expect(heard.text).toBe('N*48FA\nN*48FA\n')
    port.write(identity)
    box.advance(100)
    expect(heard.text).toMatch(/\nH,1,0a1b2c3d,\d+,1,1,0,0,0,\d+,[^,]+\n$/)
  })

  it('that powers the box hangs up with it and is gone until it is back', async () => {
    const box = openKnownBox()
    const openPort = makeSimulatedPortOpener(box)
    const { heard } = await listen(openPort)
    box.powerOff()
    expect(heard.closed).toEqual(['the box was unplugged'])
    await expect(openPort()).rejects.toMatchObject({ code: 'box-port-missing' })
    box.powerOn()
    const again = await listen(openPort)
    box.advance(100)
    expect(again.heard.text).toMatch(/^H,1,3f9c02d7,2,/)
    expect(heard.text).toBe('')
  })

  it('with a supply of its own stays open and silent', async () => {
    const box = openKnownBox()
    const { heard } = await listen(makeSimulatedPortOpener(box, { isCablePowered: false }))
    box.powerOff()
    box.advance(5000)
    expect(heard).toEqual({ text: '', closed: [] })
  })

  it('pulled by its host end hangs up and is gone until it is plugged, while the box lives on', async () => {
    const box = openKnownBox()
    const openPort = makeSimulatedPortOpener(box)
    const { heard } = await listen(openPort)
    openPort.unplug()
    expect(heard.closed).toEqual(['the cable was pulled'])
    await expect(openPort()).rejects.toMatchObject({ code: 'box-port-missing' })
    openPort.plug()
    const again = await listen(openPort)
    box.advance(1100)
    expect(again.heard.text).toMatch(/^H,1,3f9c02d7,1,/)
  })

  it('has one end: opened again it hangs up the one before, and a closed end is dead', async () => {
    const box = openKnownBox()
    const openPort = makeSimulatedPortOpener(box)
    const first = await listen(openPort)
    const second = await listen(openPort)
    expect(first.heard.closed).toEqual(['opened again'])
    await second.port.close()
    second.port.write(formatLine({ type: 'wake' }))
    box.advance(5000)
    expect(first.heard.text + second.heard.text).toBe('')
    expect(second.heard.closed).toEqual([])
  })
})
