/** Keeps the browser's own gestures away from a public screen: context menu, zoom, drag, and text selection. */
export function calmGlass(target: Document): void {
  const prevent = (event: Event) => event.preventDefault()
  target.addEventListener('contextmenu', prevent)
  target.addEventListener('dragstart', prevent)
  target.addEventListener('selectstart', prevent)
  target.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) event.preventDefault()
    },
    { passive: false },
  )
  target.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && ['+', '-', '=', '0'].includes(event.key)) event.preventDefault()
  })
}
