/** Room that many share: who sends much may while nobody else does, and takes little once it gets tight. */
export type FairShare = {
  /** @returns why it was not taken: all is full, or the owner has more than its share of what is filling */
  take(owner: string, weight: number): 'taken' | 'full' | 'share'
  /** Gives room back that was taken. */
  free(owner: string, weight: number): void
  /** The weight of all that is taken. */
  taken(): number
}

/** @param max the weight that fits, in any unit */
export function makeFairShare(max: number): FairShare {
  const ofOwner = new Map<string, number>()
  let total = 0
  return {
    take(owner, weight) {
      if (total + weight > max) return 'full'
      const own = (ofOwner.get(owner) ?? 0) + weight
      if (total > max / 3 && own > max / 30) return 'share'
      total += weight
      ofOwner.set(owner, own)
      return 'taken'
    },
    free(owner, weight) {
      total -= weight
      const left = (ofOwner.get(owner) ?? 0) - weight
      if (left > 0) ofOwner.set(owner, left)
      else ofOwner.delete(owner)
    },
    taken: () => total,
  }
}
