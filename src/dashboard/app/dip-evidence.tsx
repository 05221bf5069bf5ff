import type { DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { Face } from './drawing.tsx'
import { Fact } from './fact.tsx'
import { useReader } from './reader.ts'
import { nameButtons } from './score-buttons.ts'

type AnyDip = DipItem | PlaceDipItem

function SinceFact({ dip }: { dip: AnyDip }) {
  const { words, formats } = useReader()
  if (dip.onset === null) return <Fact name={words.dip.since} value={words.dip.sinceBefore} />
  const between =
    dip.onsetLow !== null && dip.onsetHigh !== null
      ? words.dip.sinceBetween(formats.shortDate(dip.onsetLow), formats.shortDate(dip.onsetHigh))
      : undefined
  return (
    <Fact
      name={words.dip.since}
      value={formats.date(dip.onset)}
      detail={dip.onsetOpen ? words.dip.sinceOpen : between}
    />
  )
}

const falseAlarmsOf = { 'practically-certain': 1000, 'very-likely': 100, likely: 20, suspected: 5 } as const

/** The figures behind the sentence. */
export function DipFacts({ dip }: { dip: AnyDip }) {
  const { words, formats } = useReader()
  const { certainty } = dip
  return (
    <dl class="facts">
      <Fact
        name={words.dip.usual}
        value={formats.whole(dip.index)}
        detail={words.dip.usualDetail(formats.whole(dip.usual))}
      />
      <Fact
        name={`${words.dip.depth} (${words.dip.careful})`}
        value={words.dip.points(formats.whole(dip.depth))}
        detail={words.dip.pointsBetween(formats.whole(dip.ciLow), formats.whole(dip.ciHigh))}
      />
      <SinceFact dip={dip} />
      {dip.endedOn !== null && <Fact name={words.dips.endedOn} value={formats.date(dip.endedOn)} />}
      <Fact
        name={words.dips.firstFound}
        value={formats.date(dip.firstFound)}
        detail={dip.confirmedOn === null ? undefined : words.dips.confirmedOn(formats.date(dip.confirmedOn))}
      />
      <Fact
        name={words.dip.daysBelow}
        value={words.dip.daysOf(formats.whole(dip.daysBelow), formats.whole(dip.days))}
        detail={words.score.presses(dip.presses, formats.whole(dip.presses))}
      />
      <Fact
        name={words.dip.certainty}
        value={words.dip.certainties[certainty]}
        detail={words.dip.falseAlarms(formats.whole(falseAlarmsOf[certainty]))}
      />
    </dl>
  )
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Which buttons were pressed in the dip's hours and around them. */
export function DipCounts({ dip }: { dip: AnyDip }) {
  const { words, formats } = useReader()
  const inside = nameButtons(dip.inside, words)
  const [insideTotal, aroundTotal] = [sum(dip.inside), sum(dip.around)]
  const share = (count: number, total: number) => formats.share(total === 0 ? null : count / total)
  return (
    <table class="numbers dip-counts">
      <caption>{words.dip.evidence}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.button}</th>
          <th scope="colgroup" colSpan={2}>
            {words.dip.inside}
          </th>
          <th scope="colgroup" colSpan={2}>
            {words.dip.around}
          </th>
        </tr>
      </thead>
      <tbody>
        {inside.map(({ mood, label, count }, i) => (
          <tr key={label}>
            <th scope="row">
              <span class="named">
                {mood && <Face mood={mood} />}
                {label}
              </span>
            </th>
            <td>{formats.whole(count)}</td>
            <td class="portion">{share(count, insideTotal)}</td>
            <td>{formats.whole(dip.around[i] ?? 0)}</td>
            <td class="portion">{share(dip.around[i] ?? 0, aroundTotal)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
