/** The one table of MQTT topics: `smilepost/v1/<terminal>/<leaf>`. */

const upLeaves = ['hello', 'batch', 'health', 'status'] as const
export const downLeaves = ['welcome', 'ack', 'desired'] as const
export type UpLeaf = (typeof upLeaves)[number]
export type DownLeaf = (typeof downLeaves)[number]

const prefix = 'smilepost/v1'

export function makeTopic(terminal: string, leaf: UpLeaf | DownLeaf): string {
  return `${prefix}/${terminal}/${leaf}`
}

/** @returns the terminal and leaf of a topic of ours, or null for any other topic. */
export function parseTopic(topic: string): { terminal: string; leaf: UpLeaf | DownLeaf } | null {
  const match = /^smilepost\/v1\/([a-z0-9][a-z0-9-]{0,39})\/([a-z]+)$/.exec(topic)
  if (!match) return null
  const leaf = [...upLeaves, ...downLeaves].find((name) => name === match[2])
  return leaf && match[1] ? { terminal: match[1], leaf } : null
}

export const isUpLeaf = (leaf: string): leaf is UpLeaf => upLeaves.some((name) => name === leaf)
export const isDownLeaf = (leaf: string): leaf is DownLeaf => downLeaves.some((name) => name === leaf)
