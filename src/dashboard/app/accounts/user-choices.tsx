import type { Role } from '../../../contracts/http/permissions.ts'
import { useReader } from '../reader.ts'
import { useSession } from './session.ts'
import type { PlaceChoice } from './user-places.ts'

const roles: readonly Role[] = ['admin', 'manager', 'viewer', 'ops']
type Choice = { label: string; value: string; name?: string; onChoose?: (value: string) => void }

function Select({ label, value, name, onChoose, options }: Choice & { options: readonly PlaceChoice[] }) {
  const change = (event: Event & { currentTarget: HTMLSelectElement }) => onChoose?.(event.currentTarget.value)
  return (
    <select aria-label={label} {...(name && { name })} value={value} onChange={change}>
      {options.map((option) => (
        <option key={option.id} value={option.id}>
          {option.name}
        </option>
      ))}
    </select>
  )
}

export function RoleChoice(choice: Choice) {
  const { words } = useReader()
  return <Select {...choice} options={roles.map((id) => ({ id, name: words.accounts.users.roles[id] }))} />
}

/** An empty value stands for all places, which only an administrator of all places can give. */
export function PlaceChoices({ stores, ...choice }: Choice & { stores: readonly PlaceChoice[] }) {
  const { words } = useReader()
  const { session } = useSession()
  const own = session?.user?.place ?? null
  const known = own === null ? [{ id: '', name: words.accounts.users.allPlaces }, ...stores] : [...stores]
  const isKnown = (id: string) => known.some((place) => place.id === id)
  for (const id of [own ?? '', choice.value]) if (!isKnown(id)) known.push({ id, name: id })
  return <Select {...choice} options={known} />
}
