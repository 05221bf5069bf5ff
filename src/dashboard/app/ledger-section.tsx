/** The ledger as a sum that anybody can check: pressed is stored, waiting, missing and put aside. */
import type { Ledger } from '../../contracts/http/terminals.ts'
import { Help } from './card.tsx'
import { countMissing, judgeLedger, type Verdict } from './judge-ledger.ts'
import { useReader } from './reader.ts'
import { useNow } from './use-now.ts'

/** Two reports of a terminal missed: what it pressed since then is not known here. */
const silentMs = 11 * 60_000

type RowProps = { sign?: string; name: string; detail: string; count: number; alarm?: boolean; total?: boolean }

function LedgerRow({ sign = '', name, detail, count, alarm = false, total = false }: RowProps) {
  const { formats } = useReader()
  return (
    <tr class={total ? 'ledger-total' : ''}>
      <th scope="row">
        <span class="ledger-row">
          <span class="ledger-sign" aria-hidden="true">
            {sign}
          </span>
          <span class="ledger-name">
            {name}
            <span class="muted ledger-detail">{detail}</span>
          </span>
        </span>
      </th>
      <td class={alarm && count > 0 ? 'cell-missing' : ''}>{formats.whole(count)}</td>
    </tr>
  )
}

function VerdictText({ verdict }: { verdict: Verdict }) {
  const { words, formats } = useReader()
  const { verdicts } = words.terminals.ledger
  const isGood = verdict.kind === 'whole' || verdict.kind === 'waiting'
  const isBad = verdict.kind === 'missing' || verdict.kind === 'twice' || verdict.kind === 'quarantined'
  const text =
    'count' in verdict ? verdicts[verdict.kind](verdict.count, formats.whole(verdict.count)) : verdicts[verdict.kind]
  return <p class={`lead verdict ${isGood ? 'verdict-good' : ''} ${isBad ? 'verdict-bad' : ''}`}>{text}</p>
}

function AsOf({ asOf, isOnline }: { asOf: string; isOnline: boolean }) {
  const { words, formats } = useReader()
  const { ledger } = words.terminals
  const ageMs = useNow() - Date.parse(asOf)
  return (
    <p class="muted ledger-as-of">
      <time dateTime={asOf} title={new Date(asOf).toLocaleString(formats.locale)}>
        {ledger.asOf(formats.ago(ageMs) ?? words.time.justNow)}
      </time>
      <span> · {ageMs > silentMs && !isOnline ? ledger.silentSince : ledger.sinceThen}</span>
    </p>
  )
}

function SumTable({ ledger }: { ledger: Ledger }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  return (
    <table class="numbers ledger">
      <caption class="visually-hidden">{text.sum}</caption>
      <thead class="visually-hidden">
        <tr>
          <td />
          <th scope="col">{text.amount}</th>
        </tr>
      </thead>
      <tbody>
        <LedgerRow name={text.pressed} detail={text.pressedDetail} count={ledger.pressed} total />
        <LedgerRow sign="=" name={text.stored} detail={text.storedDetail} count={ledger.stored} />
        <LedgerRow sign="+" name={text.waiting} detail={text.waitingDetail} count={ledger.pending} />
        <LedgerRow sign="+" name={text.missing} detail={text.missingDetail} count={countMissing(ledger)} alarm />
        <LedgerRow sign="+" name={text.quarantined} detail={text.quarantinedDetail} count={ledger.aside ?? 0} alarm />
      </tbody>
    </table>
  )
}

/** What is in no sum; those that are nearly always 0 are left out while they are. */
function BesidesTable({ ledger }: { ledger: Ledger }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  const rare = [
    { name: text.unplaced, detail: text.unplacedDetail, count: ledger.unplaced ?? 0 },
    { name: text.untimed, detail: text.untimedDetail, count: ledger.untimed ?? 0 },
    { name: text.uncertain, detail: text.uncertainDetail, count: ledger.uncertain ?? 0 },
    { name: text.rejected, detail: text.rejectedDetail, count: ledger.rejected ?? 0 },
  ]
  return (
    <table class="numbers ledger">
      <caption>{text.besides}</caption>
      <thead class="visually-hidden">
        <tr>
          <td />
          <th scope="col">{text.amount}</th>
        </tr>
      </thead>
      <tbody>
        <LedgerRow name={text.twice} detail={text.twiceDetail} count={ledger.countedTwice ?? 0} alarm />
        <LedgerRow name={text.repeated} detail={text.repeatedDetail} count={ledger.repeated} />
        <LedgerRow name={text.refused} detail={text.refusedDetail} count={ledger.refused} />
        {rare.map((row) => row.count > 0 && <LedgerRow key={row.name} {...row} />)}
      </tbody>
    </table>
  )
}

export function LedgerSection({ ledger, isOnline }: { ledger: Ledger; isOnline: boolean }) {
  const { words } = useReader()
  const text = words.terminals.ledger
  const verdict = judgeLedger(ledger)
  const isBad = verdict.kind === 'missing' || verdict.kind === 'twice'
  return (
    <section class={isBad ? 'card card-dip' : 'card'}>
      <div class="card-head">
        <h2>{text.title}</h2>
      </div>
      <VerdictText verdict={verdict} />
      {ledger.asOf && <AsOf asOf={ledger.asOf} isOnline={isOnline} />}
      {verdict.kind !== 'silent' && (
        <div class="ledger-tables">
          <SumTable ledger={ledger} />
          <BesidesTable ledger={ledger} />
        </div>
      )}
      <Help title={text.proofTitle}>{text.proof}</Help>
    </section>
  )
}
