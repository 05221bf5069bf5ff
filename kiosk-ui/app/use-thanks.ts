import { useCallback, useEffect, useState } from 'preact/hooks'

const thanksMs = 2_000

/** The answer that is being thanked for; a further one begins the two seconds anew. */
export function useThanks() {
  const [thanked, setThanked] = useState<{ value: number; count: number } | null>(null)
  const thank = useCallback((value: number) => setThanked((before) => ({ value, count: (before?.count ?? 0) + 1 })), [])
  useEffect(() => {
    if (thanked === null) return
    const timer = setTimeout(() => setThanked(null), thanksMs)
    return () => clearTimeout(timer)
  }, [thanked])
  return { thanked, thank }
}
