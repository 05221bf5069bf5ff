import type { DipItem } from '../../contracts/http/dips.ts'

/** Strokes in a box of 16 × 16. Each is told from the others by its shape alone. */
const statePaths: Readonly<Record<DipItem['state'], string>> = {
  suspected: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.4',
  confirmed: 'M8 3.5v6M8 12.3v.4',
  fixed: 'M3.5 8.5l3 3 6-7',
  over: 'M3.5 8h9',
  back: 'M12.5 8a4.5 4.5 0 1 1-1.6-3.4M11.5 1.8v3h-3',
}
const trendPaths: Readonly<Record<NonNullable<DipItem['trend']>, string>> = {
  growing: 'M3 4.5l9 7M12.5 7.5v4.5H8',
  steady: 'M3 8h9.5M9.5 5l3 3-3 3',
  fading: 'M3 11.5l9-7M12.5 8.5V4H8',
}

function Icon({ path }: { path: string }) {
  return (
    <svg class="badge-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

export const StateIcon = ({ state }: { state: DipItem['state'] }) => <Icon path={statePaths[state]} />
export const TrendIcon = ({ trend }: { trend: NonNullable<DipItem['trend']> }) => <Icon path={trendPaths[trend]} />
