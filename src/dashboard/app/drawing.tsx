import { cssColours } from '../../looks/colours.ts'
import { drawFace } from '../../looks/face.ts'
import type { Mood } from '../../looks/mood.ts'
import { useWidth } from './use-width.ts'

/** An SVG string of `src/looks` in the page. The strings are ours and escape every text they are given. */
export function Drawing({ svg, class: name = '' }: { svg: string; class?: string }) {
  return <span class={`drawing ${name}`} dangerouslySetInnerHTML={{ __html: svg }} />
}

/** A drawing that fills the width it finds. */
export function WideDrawing({ draw, class: name = '' }: { draw: (width: number) => string; class?: string }) {
  const { ref, width } = useWidth()
  return (
    <div ref={ref} class={`wide-drawing ${name}`}>
      {width > 0 && <Drawing svg={draw(width)} />}
    </div>
  )
}

/** A face as decoration beside its name. */
export function Face({ mood }: { mood: Mood }) {
  return <Drawing class="face-icon" svg={drawFace(mood, cssColours)} />
}
