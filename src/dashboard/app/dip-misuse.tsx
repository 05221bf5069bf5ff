import type { DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { useReader } from './reader.ts'

/** The dip's figures as they are scanned, and beside them with presses flagged as misuse counted too. */
export function DipMisuse({ dip }: { dip: DipItem | PlaceDipItem }) {
  const { words, formats } = useReader()
  const { title, without, with: counted, usual, lower } = words.dips.misuse
  const columns = [dip, dip.withMisuse]
  const rows = [
    { name: words.columns.presses, figures: columns.map(({ presses }) => presses) },
    { name: words.columns.index, figures: columns.map(({ index }) => index) },
    { name: usual, figures: columns.map((figures) => figures.usual) },
    { name: lower, figures: columns.map((figures) => figures.usual - figures.index) },
  ]
  return (
    <table class="numbers dip-misuse">
      <caption>{title}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{without}</th>
          <th scope="col">{counted}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, figures }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {figures.map((figure, i) => (
              <td key={columns[i] === dip ? without : counted}>{formats.whole(figure)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
