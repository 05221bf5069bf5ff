/** Columns `class` and `label` hold the index into these; a value that has been released keeps its place. */
export const tallyClasses = ['raw', 'counted', 'uncertain'] as const
export const pressLabels = ['counted', 'misuse'] as const
