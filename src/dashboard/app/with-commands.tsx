/** A command or an option of it; a line break at one of its hyphens would show another command. */
const command = /(smilepost(?: (?:--)?[a-z][a-z-]*)+|--[a-z][a-z-]*)/

/** A text in which what is to be typed stays whole. */
export function WithCommands({ text }: { text: string }) {
  return (
    <>
      {text.split(command).map((part, i) =>
        // Of a split by one group, every second part is what the group found.
        i % 2 === 1 ? (
          <span key={i} class="command">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  )
}
