/**
 * Orders firmware versions by their numbers; a suffix (`1.2.0-rc1`) is left out of it.
 *
 * @returns below 0 when the first is older, 0 when alike or when one of them is no version
 */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [readNumbers(one), readNumbers(other)]
  if (!a || !b) return 0
  for (const [index, number] of a.entries()) {
    const difference = number - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function readNumbers(version: string): number[] | null {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version)
  return match?.slice(1).map(Number) ?? null
}
