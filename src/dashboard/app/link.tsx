import type { ComponentChildren } from 'preact'
import { navigate } from './route.ts'

type LinkProps = { href: string; class?: string; current?: boolean; children: ComponentChildren }

/** A link inside the app: a plain click stays in the page, any other (new tab, download) is the browser's. */
export function Link({ href, current = false, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a href={href} onClick={follow} {...(current && { 'aria-current': 'true' })} {...rest}>
      {children}
    </a>
  )
}
