/** Chances of the four faces, worst first; they sum to 1. */
export type Faces = readonly [number, number, number, number]

/**
 * Thresholds between faces for a public of level 0 on a logistic scale (a proportional-odds model, McCullagh 1980), such that
 * a Happy Index of 80 is 64, 20, 7 and 9 % of the faces, best first: most people press an end of the scale.
 */
const THRESHOLDS = [-1.74, -1.08, 0] as const
/** Those who became furious. */
const FURIOUS: Faces = [0.92, 0.05, 0.02, 0.01]
const STEPS = 2000
const REACH = 8

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

function facesAt(level: number): Faces {
  const [a, b, c] = THRESHOLDS.map((threshold) => logistic(threshold - level)) as [number, number, number]
  return [a, b - a, c - b, 1 - c]
}

/** Expected Happy Index, 0..100. */
export function indexOfFaces(faces: Faces): number {
  return (100 / 3) * (faces[1] + 2 * faces[2] + 3 * faces[3])
}

const LADDER = Array.from({ length: STEPS + 1 }, (_, i) => facesAt((2 * REACH * i) / STEPS - REACH))
const INDICES = Float64Array.from(LADDER, indexOfFaces)

/** The faces of a public whose expected Happy Index is as asked, to within .2 points; asked for in 3..97. */
export function facesOfIndex(index: number): Faces {
  let low = 0
  let high = STEPS
  while (low < high) {
    const middle = (low + high) >> 1
    if ((INDICES[middle] as number) < index) low = middle + 1
    else high = middle
  }
  return LADDER[low] as Faces
}

/** The same public with so many furious among them that the index falls by `depth` points. */
export function withFurious(faces: Faces, depth: number): Faces {
  const index = indexOfFaces(faces)
  const share = Math.min(1, depth / (index - indexOfFaces(FURIOUS)))
  return faces.map((chance, i) => chance * (1 - share) + (FURIOUS[i] as number) * share) as unknown as Faces
}
