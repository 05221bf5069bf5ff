import type { SerialDevice } from '../../../firmware-bridge/serial/diagnose-devices.ts'
import type { Holder } from '../../../firmware-bridge/serial/diagnose-port.ts'
import type { CaseText, Facts } from './finding.ts'

/** What can be in the way before anybody can listen. */

/** By the name that stays, where a device has one. */
export function listDevices({ devices }: Facts): string {
  const rows = (devices as SerialDevice[]).map(({ path, links, maker }) => {
    const more = [links.length > 0 && path, maker].filter(Boolean).join(', ')
    return `${links[0] ?? path}${more && ` (${more})`}`
  })
  return rows.length === 0 ? 'No serial device is plugged in.' : `Serial devices that are there: ${rows.join(', ')}.`
}

const who = ({ command, pid }: Facts) =>
  pid === undefined ? 'another program' : `another program (${command}, process ${pid})`

const listSharers = (sharers: unknown) =>
  (sharers as Holder[]).map(({ pid, command }) => `${command} (process ${pid})`).join(', ')

function adviseOnPermission({ device, user, group, canGroup, isListed }: Facts): string {
  if (!canGroup) {
    const rule = `SUBSYSTEM=="tty", KERNEL=="ttyUSB*|ttyACM*", GROUP="dialout", MODE="0660"`
    return `Not even its group (${group ?? 'unknown'}) may. Put this line in /etc/udev/rules.d/70-smilepost.rules, run "sudo udevadm control --reload" and plug the box in again: ${rule}`
  }
  if (isListed)
    return `${user} is in the group ${group} already, but not yet in this session: sign out and in again, and restart the daemon (a service: sudo systemctl restart).`
  return `${device} belongs to the group ${group}. Run "sudo usermod -aG ${group} ${user}", then sign out and in again: a group counts only from the next login on.`
}

export const portTexts = {
  'no-box': {
    status: 'warn',
    what: () => 'This terminal is set up without a box: serial.device is empty.',
    do: (facts) => `If it has one, set serial.device in its configuration. ${listDevices(facts)}`,
  },
  'no-device-named': {
    status: 'fail',
    what: () => 'No serial device was named, and no daemon answers that could tell which it is.',
    do: (facts) => `Run doctor with --config terminal.toml or with --device. ${listDevices(facts)}`,
  },
  'no-device': {
    status: 'fail',
    what: ({ device }) => `There is no device ${device}.`,
    do: (facts) => `Plug the box in; if it is, set serial.device to its port. ${listDevices(facts)}`,
  },
  'not-serial': {
    status: 'fail',
    what: ({ device, is }) =>
      `${device} is not a serial device but ${is === 'other' ? 'another kind of device' : `a ${is}`}.`,
    do: (facts) => `Set serial.device to the box's port. ${listDevices(facts)}`,
  },
  'no-permission': {
    status: 'fail',
    what: ({ device, user }) => `${user} is not allowed to use ${device}.`,
    do: adviseOnPermission,
  },
  'no-permission-daemon': {
    status: 'fail',
    what: ({ device }) => `The daemon is not allowed to use ${device}.`,
    do: ({ group }) =>
      `Add the user it runs as to the group ${group ?? 'that owns the device'} ("sudo usermod -aG ${group ?? 'dialout'} USER"), and restart the daemon.`,
  },
  'port-busy': {
    status: 'fail',
    what: (facts) => `${facts.device} is in use by ${who(facts)}.`,
    do: () => 'End that program: only one can talk to the box. Then run doctor again.',
  },
  'daemon-silent': {
    status: 'fail',
    what: ({ device, pid, port }) =>
      `The daemon (process ${pid}) has ${device} open, but does not answer doctor${port === null ? '' : ` on port ${port}`}.`,
    do: () =>
      'Run doctor with the --config that the daemon runs with, and with a kiosk.port other than 0; if it does not answer then either, restart the daemon.',
  },
  'port-shared': {
    status: 'warn',
    what: ({ device, sharers }) =>
      `Another program has ${device} open as well and may take what the box says: ${listSharers(sharers)}.`,
    do: ({ device, sharers }) =>
      listSharers(sharers).includes('getty')
        ? `Switch the login on that port off: sudo systemctl disable --now serial-getty@${String(device).replace('/dev/', '')}`
        : 'End that program, or tell it to leave this device alone (ModemManager: ENV{ID_MM_DEVICE_IGNORE}="1" in a udev rule).',
  },
  'open-failed': {
    status: 'fail',
    what: ({ device, error }) => `${device} can't be opened or got lost: ${error}.`,
    do: (facts) => `Pull the cable, plug it in again and run doctor once more. ${listDevices(facts)}`,
  },
  'daemon-cannot-store': {
    status: 'fail',
    what: () => "The daemon hears the box but can't store what it says, so presses stay in the box.",
    do: () => 'See that the disk of its data folder is not full and can be written; its log tells more.',
  },
  'set-back-box': {
    status: 'fail',
    what: () =>
      'The memory of the box was erased, swapped or copied: it numbers new presses like old ones, so the daemon leaves them in the box.',
    do: () =>
      'Erase its EEPROM as firmware-bridge/firmware/README.md says: it then gets a new identity. The presses that wait in it are lost by that, so note first how many they are.',
  },
  'twin-box': {
    status: 'warn',
    what: () =>
      'The box went back in its numbering: two boxes with the same identity, or one whose memory was set back.',
    do: () =>
      'See that no two boxes have been made from one copy; erase the EEPROM of the copy, so that it gets an identity of its own.',
  },
} satisfies Record<string, CaseText>
