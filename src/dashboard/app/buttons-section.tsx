import { cssColours } from '../../looks/colours.ts'
import { moodColours } from '../../looks/mood.ts'
import { Card } from './card.tsx'
import { Face } from './drawing.tsx'
import { useReader } from './reader.ts'
import { nameButtons } from './score-buttons.ts'

/** How the presses of a period spread over the buttons. */
export function ButtonsSection({ counts }: { counts: readonly number[] }) {
  const { words, formats } = useReader()
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <Card title={words.buttons.title} help={words.buttons.help}>
      <table class="numbers spread">
        <caption class="visually-hidden">{words.buttons.title}</caption>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{words.columns.button}</th>
            <th scope="col">{words.columns.portion}</th>
            <th scope="col">{words.columns.presses}</th>
          </tr>
        </thead>
        <tbody>
          {nameButtons(counts, words).map(({ mood, label, count }) => {
            const share = total === 0 ? null : count / total
            return (
              <tr key={label}>
                <th scope="row">
                  {mood && <Face mood={mood} />}
                  <span class="spread-name">
                    {label}
                    <svg class="spread-bar" height="8" width="100%" aria-hidden="true">
                      <rect width="100%" height="8" rx="4" fill={cssColours.sunken} />
                      <rect
                        width={`${(share ?? 0) * 100}%`}
                        height="8"
                        rx="4"
                        fill={mood ? cssColours[moodColours[mood]] : cssColours.accent}
                      />
                    </svg>
                  </span>
                </th>
                <td class="spread-share">{formats.share(share)}</td>
                <td class="muted">{formats.whole(count)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Card>
  )
}
