import type { LineFaultCode } from '../../../firmware-bridge/serial/diagnose-line.ts'
import type { CaseText, Facts } from './finding.ts'
import { listDevices } from './port-texts.ts'

/** What a line can be like once somebody listens to it. English; said to whoever stands before the terminal with a screwdriver. */

const seconds = (ms: unknown) => Math.max(1, Math.round(Number(ms) / 1000))
const presses = (count: unknown) => (count === 1 ? '1 press' : `${count} presses`)
const quote = ({ sample }: Facts) => (sample ? ` ("${sample}")` : '')
const at = ({ speedBaud }: Facts) => (speedBaud === undefined ? '' : `, at ${speedBaud} baud`)
const flash = ({ flashCommand, viaDaemon }: Facts) =>
  `${viaDaemon ? 'Stop the daemon, take' : 'Take'} off the capacitor at RESET and flash the board (BOARD=nano-old or uno for these): ${flashCommand}`

const speakers: Record<string, string> = {
  gps: 'a GPS receiver',
  modem: 'a modem',
  console: 'a computer that asks for a login or tells of its start',
  host: 'another Smilepost terminal, or a plug that sends back what it gets',
  text: 'some other device',
}
const causes: Record<string, string> = {
  'brown-out': 'its voltage sank too low',
  watchdog: 'its program hung and restarted itself',
  'power-on': 'its power went and came back',
  'reset-pin': 'something pulls its reset',
  unknown: 'its board does not say why',
}
const repairSupply =
  'Give it a better power supply and a short, good USB cable, with no hub between; check that the 220 µF capacitor is there.'
const checkPath =
  'Check the plugs and the cable, keep it away from mains cables and motors, and use one that is shielded and shorter.'

export const lineTexts: Record<LineFaultCode | 'speaks', CaseText> = {
  speaks: {
    status: 'ok',
    what: ({ box, boot, firmware, pressesEver, pending, goodLines, watchedMs, badLines }) =>
      `Box ${box} speaks: boot ${boot}, firmware ${firmware}, ${presses(pressesEver)} ever, ${pending} waiting; ${goodLines} good and ${badLines} bad lines in ${seconds(watchedMs)} s.`,
    do: null,
  },
  silence: {
    status: 'fail',
    what: ({ device, watchedMs }) => `Nothing at all came from ${device} in ${seconds(watchedMs)} s.`,
    do: ({ viaDaemon }) =>
      `Check that the box has power, that its cable is plugged in at both ends and that this is the right port; a board without our firmware is silent too.${viaDaemon ? ' For a closer look stop the daemon and run doctor again.' : ''}`,
  },
  'other-speaker': {
    status: 'fail',
    what: (facts) =>
      `Not a box but ${speakers[String(facts.speaker)]} speaks on ${facts.device}${at(facts)}${quote(facts)}.`,
    do: (facts) => `Set serial.device to the box's own port. ${listDevices(facts)}`,
  },
  'wrong-speed': {
    status: 'fail',
    what: ({ device, speedBaud }) =>
      speedBaud === undefined || speedBaud === 57_600
        ? `Something speaks on ${device} again and again, but at another speed than the box's 57600 baud.`
        : `A box speaks on ${device}, but at ${speedBaud} baud instead of 57600.`,
    do: (facts) =>
      facts.speedBaud === 28_800
        ? `The board runs at 8 MHz; the box needs one of 5 V and 16 MHz (Arduino Nano or Uno). Change the board.`
        : `If a box is plugged in there, its board has the wrong crystal or the wrong firmware; if it is another device, set serial.device to the box's port. ${flash(facts)}`,
  },
  nonsense: {
    status: 'fail',
    what: ({ device, bytes, badLines }) =>
      `${bytes === null ? `${badLines} broken lines` : `${bytes} bytes`} came from ${device}, and nothing in them makes sense.`,
    do: ({ viaDaemon }) =>
      `Check that a box is plugged in there and not another device, and that plugs and ground are tight: an open or damaged wire picks up noise.${viaDaemon ? ' For a closer look stop the daemon and run doctor again.' : ''}`,
  },
  'dead-level': {
    status: 'fail',
    what: ({ device }) =>
      `The wire of ${device} stands at one level: not one sign came, only the same byte again and again.`,
    do: () => 'Look for a short circuit, a missing ground or a box without power; then try another cable.',
  },
  unreadable: {
    status: 'fail',
    what: ({ device, sample }) => `A box speaks on ${device}, but not one line arrives whole ("${sample}").`,
    do: () => checkPath,
  },
  'no-heartbeat': {
    status: 'fail',
    what: ({ device, goodLines, badLines }) =>
      `A box speaks on ${device}, but its sign of life each second does not arrive (${goodLines} good and ${badLines} bad lines).`,
    do: () => checkPath,
  },
  'other-version': {
    status: 'fail',
    what: ({ device }) =>
      `The box on ${device} speaks another version of the protocol than this program, so its presses stay in the box.`,
    do: flash,
  },
  'no-identity': {
    status: 'warn',
    what: ({ device }) =>
      `The box on ${device} works but has no identity yet, so it refuses presses (a red flash each second).`,
    do: ({ viaDaemon }) =>
      viaDaemon
        ? 'The daemon is giving it one; run doctor again in a few seconds.'
        : 'Start the daemon (smilepost terminal): it gives the box one by itself. Doctor never does.',
  },
  'old-firmware': {
    status: 'warn',
    what: ({ firmware, imageFirmware }) =>
      `The box has the old firmware ${firmware}; this package has ${imageFirmware}.`,
    do: flash,
  },
  'newer-firmware': {
    status: 'warn',
    what: ({ firmware, imageFirmware }) =>
      `The box has firmware ${firmware}, newer than the ${imageFirmware} this package knows.`,
    do: () => 'Update Smilepost on this machine.',
  },
  'noisy-cable': {
    status: 'warn',
    what: ({ percent, badLines, goodLines }) =>
      `The cable is noisy: ${percent} % of the lines from the box arrive broken (${badLines} of ${Number(badLines) + Number(goodLines)}). No press is lost by that, but they come late.`,
    do: () => checkPath,
  },
  'noisy-cable-to-box': {
    status: 'warn',
    what: ({ badRise, badSinceBoot }) =>
      `The box gets broken lines from here: ${badSinceBoot} since its start, ${badRise} of them just now.`,
    do: () => `The wire towards the box is noisy. ${checkPath}`,
  },
  'one-way-cable': {
    status: 'fail',
    what: ({ device }) => `The cable works one way only: the box on ${device} is heard, but hears nothing of us.`,
    do: () =>
      'Change the cable; at a plug with single wires check the one from TX of this machine to RX of the box (D0).',
  },
  'damaged-way-to-box': {
    status: 'fail',
    what: ({ device, badRise }) =>
      `The box on ${device} is heard, but everything it gets from us is broken (${badRise} bad lines just now).`,
    do: () => `The wire towards the box is damaged. ${checkPath}`,
  },
  'box-full': {
    status: 'fail',
    what: ({ pending, dropped }) =>
      `The box is full: ${presses(pending)} wait in it, and it has refused ${presses(dropped)} since its start.`,
    do: ({ viaDaemon }) =>
      viaDaemon
        ? 'The daemon takes none of them: look at the other findings and at its log.'
        : 'Start the daemon (smilepost terminal); it takes them within seconds. Not one of those that wait is lost.',
  },
  'box-refused': {
    status: 'warn',
    what: ({ dropped }) => `The box has refused ${presses(dropped)} since its start; these people saw red.`,
    do: () =>
      'It refuses when it is full or has no identity: find out when the daemon was not running, and see that it always starts with the machine.',
  },
  restarting: {
    status: 'fail',
    what: ({ restarts, cause, boot }) =>
      `The box restarts again and again (${restarts} times while it was watched, boot ${boot}): ${causes[String(cause)]}.`,
    do: ({ cause }) =>
      cause === 'reset-pin'
        ? 'See that no other program opens the port, and put the 10 µF capacitor from RESET to ground.'
        : repairSupply,
  },
  'brown-out': {
    status: 'warn',
    what: ({ upForMs }) => `The box last restarted because its voltage sank too low (${seconds(upForMs)} s ago).`,
    do: () => repairSupply,
  },
  watchdog: {
    status: 'warn',
    what: ({ upForMs }) => `The box last restarted because its program hung (${seconds(upForMs)} s ago).`,
    do: () => `${repairSupply} If it happens again with a good supply, report it.`,
  },
  'stuck-button': {
    status: 'warn',
    what: ({ buttons }) => {
      const list = buttons as number[]
      return list.length === 1
        ? `Button ${list[0]} has been held down for more than 10 s.`
        : `Buttons ${list.join(' and ')} have been held down for more than 10 s.`
    },
    do: () =>
      'See whether it is jammed, dirty or leaned on (1 is very happy, dark green; 4 very unhappy, dark red); it counts again once let go.',
  },
  'presses-waiting': {
    status: 'warn',
    what: ({ pending }) =>
      `${presses(pending)} ${pending === 1 ? 'waits' : 'wait'} safely in the box for the daemon, which is not running.`,
    do: () => 'Start the daemon (smilepost terminal); it takes them within seconds. Up to 124 find room in the box.',
  },
}
