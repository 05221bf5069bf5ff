import type { DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { useReader } from './reader.ts'

/** The dip's figures as they are scanned, and beside them with presses flagged as misuse counted too. */
export function DipMisuse({ dip }: { dip: DipItem | PlaceDipItem }) {
  const { words, formats } = useReader()
  const columns = [
    { name: words.dips.misuse.without, ...dip },
    { name: words.dips.misuse.with, ...dip.withMisuse },
  ]
  return (
    <table class="numbers dip-misuse">
      <caption>{words.dips.misuse.title}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{words.columns.presses}</th>
          <th scope="col">{words.columns.index}</th>
          <th scope="col">{words.dips.misuse.usual}</th>
          <th scope="col">{words.dips.misuse.lower}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map(({ name, presses, index, usual }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formats.whole(presses)}</td>
            <td>{formats.whole(index)}</td>
            <td>{formats.whole(usual)}</td>
            <td>{formats.whole(usual - index)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
