import type { Database } from 'better-sqlite3'
import type { Catalogue, Place, Placement, Survey, Terminal, Touchpoint } from '../catalogue.ts'
import type { StoreWriter } from '../port.ts'

type TouchpointRow = Omit<Touchpoint, 'openingHours' | 'exceptions' | 'lights'> & {
  openingHours: string
  exceptions: string
  lights: string | null
}
type SurveyRow = Omit<Survey, 'texts'> & { texts: string }

const terminalColumns = 'id, secret_hash AS secretHash, created_at_ms AS createdAtMs, name'

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

/**
 * Reads what people set up. The picture is kept while `catalogue_rev` stands, which every writer in every process raises in the
 * transaction of its change.
 */
export function makeCatalogueReader(db: Database) {
  const selectRev = db.prepare<[], number>('SELECT rev FROM catalogue_rev').pluck()
  const selectPlaces = db.prepare<[], Place>('SELECT id, parent, name, kind FROM place ORDER BY id')
  const selectTouchpoints = db.prepare<[], TouchpointRow>(
    'SELECT id, place, name, zone, question, opening_hours AS openingHours, exceptions, lights FROM touchpoint ORDER BY id',
  )
  const selectSurveys = db.prepare<[], SurveyRow>(
    'SELECT question, revision, scale_max AS scaleMax, texts FROM survey ORDER BY question, revision',
  )
  const selectPlacements = db.prepare<[], Placement>(
    'SELECT terminal, touchpoint, from_ms AS fromMs, to_ms AS toMs FROM placement ORDER BY terminal, from_ms',
  )
  const selectTerminals = db.prepare<[], Terminal>(`SELECT ${terminalColumns} FROM terminal ORDER BY id`)
  const selectTerminal = db.prepare<[string], Terminal>(`SELECT ${terminalColumns} FROM terminal WHERE id = ?`)

  const load = db.transaction((): Catalogue => {
    const touchpoints = selectTouchpoints.all().map((row) => ({
      ...row,
      openingHours: JSON.parse(row.openingHours),
      exceptions: JSON.parse(row.exceptions),
      lights: JSON.parse(row.lights ?? 'null'),
    }))
    const surveys = selectSurveys.all().map((row) => ({ ...row, texts: JSON.parse(row.texts) }))
    return {
      rev: selectRev.get() as number,
      places: selectPlaces.all(),
      touchpoints: new Map(touchpoints.map((touchpoint) => [touchpoint.id, touchpoint])),
      surveys: groupBy(surveys, (survey) => survey.question),
      placements: groupBy(selectPlacements.all(), (placement) => placement.terminal),
    }
  })
  let kept: Catalogue | null = null
  return {
    current(): Catalogue {
      if (kept?.rev !== selectRev.get()) kept = load()
      return kept as Catalogue
    },
    terminals: () => selectTerminals.all(),
    terminal: (id: string) => selectTerminal.get(id) ?? null,
  }
}

type CatalogueWriter = Pick<
  StoreWriter,
  'putPlace' | 'putTouchpoint' | 'putSurvey' | 'putTerminal' | 'putPlacement' | 'noteRebuilt'
>

/** Writes what people set up; a row with the same key is replaced. */
export function makeCatalogueWriter(db: Database): CatalogueWriter {
  const raise = db.prepare('UPDATE catalogue_rev SET rev = rev + 1')
  const prepare = (sql: string) => {
    const statement = db.prepare(sql)
    return (row: object) => {
      statement.run(row)
      raise.run()
    }
  }
  const putPlace = prepare(`INSERT INTO place VALUES ($id, $parent, $name, $kind)
    ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, name = excluded.name, kind = excluded.kind`)
  const putTouchpoint =
    prepare(`INSERT INTO touchpoint (id, place, name, zone, question, opening_hours, exceptions, lights)
      VALUES ($id, $place, $name, $zone, $question, $openingHours, $exceptions, $lights)
    ON CONFLICT (id) DO UPDATE SET place = excluded.place, name = excluded.name, zone = excluded.zone,
      question = excluded.question, opening_hours = excluded.opening_hours, exceptions = excluded.exceptions, lights = excluded.lights`)
  const putSurvey = prepare(`INSERT INTO survey VALUES ($question, $revision, $scaleMax, $texts)
    ON CONFLICT (question, revision) DO UPDATE SET scale_max = excluded.scale_max, texts = excluded.texts`)
  const putTerminal = prepare(`INSERT INTO terminal VALUES ($id, $secretHash, $createdAtMs, $name)
    ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, name = excluded.name`)
  const putPlacement = prepare(`INSERT INTO placement VALUES ($terminal, $fromMs, $touchpoint, $toMs)
    ON CONFLICT (terminal, from_ms) DO UPDATE SET touchpoint = excluded.touchpoint, to_ms = excluded.to_ms`)
  return {
    putPlace: async (place) => putPlace(place),
    putTouchpoint: async (touchpoint) =>
      putTouchpoint({
        ...touchpoint,
        openingHours: JSON.stringify(touchpoint.openingHours),
        exceptions: JSON.stringify(touchpoint.exceptions),
        lights: touchpoint.lights && JSON.stringify(touchpoint.lights),
      }),
    putSurvey: async (survey) => putSurvey({ ...survey, texts: JSON.stringify(survey.texts) }),
    putTerminal: async (terminal) => putTerminal(terminal),
    putPlacement: async (placement) => putPlacement(placement),
    noteRebuilt: async () => void raise.run(),
  }
}
