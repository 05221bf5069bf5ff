import { userInfo } from 'node:os'
import type { PortState } from '../../../firmware-bridge/serial/diagnose-port.ts'
import type { Facts } from './finding.ts'

/** The one daemon of ours, however it was started. */
export const isDaemonCommand = (command: string) => /smilepost\S* terminal\b/.test(command)

type Owner = Extract<PortState, { kind: 'no-permission' }>['owner']

const groupReadsAndWrites = 0o060

/** Who may use a device that this user may not. */
export function describePermission(device: string, owner: Owner): Facts {
  const user = nameUser()
  if (!owner) return { device, user, canGroup: false }
  const { group, groupId, groupMembers, mode } = owner
  // Nobody should be put into root's group for the sake of a button.
  const canGroup = (mode & groupReadsAndWrites) === groupReadsAndWrites && groupId !== 0
  const isListed = groupMembers.includes(user)
  return { device, user, group, mode: mode.toString(8).padStart(4, '0'), canGroup, isListed }
}

function nameUser(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry, as in some containers.
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}
