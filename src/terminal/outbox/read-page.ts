/**
 * Reads what stands on one page of an SQLite file without SQLite (sqlite.org/fileformat2.html §1.6, §2.1): leaves of tables and of
 * WITHOUT ROWID tables. For salvage alone: whoever gets a value from here checks it.
 */
export type CellValue = number | string | null
/** `rowid` is null on a page of a WITHOUT ROWID table or of an index. */
export type Cell = { rowid: number | null; values: CellValue[] }

export const pageBytes = 4096
const indexLeaf = 0x0a
const tableLeaf = 0x0d
/** More of a payload than this lies on overflow pages; no record of ours is so long. */
const maxLocalBytes = { [indexLeaf]: 1002, [tableLeaf]: pageBytes - 35 }

/** Cells of a leaf that can be read; none for any other page. Never throws, whatever the bytes are. */
export function readCells(page: Buffer): Cell[] {
  const type = page[0]
  if (type !== indexLeaf && type !== tableLeaf) return []
  const count = page.readUInt16BE(3)
  const cells: Cell[] = []
  for (let i = 0; i < count && 10 + 2 * i <= page.length; i += 1) {
    const cell = readCell(page, page.readUInt16BE(8 + 2 * i), type)
    if (cell) cells.push(cell)
  }
  return cells
}

function readCell(page: Buffer, at: number, type: typeof indexLeaf | typeof tableLeaf): Cell | null {
  try {
    const cursor = { page, at }
    const length = readVarint(cursor)
    const rowid = type === tableLeaf ? readVarint(cursor) : null
    if (length > maxLocalBytes[type] || cursor.at + length > page.length) return null
    return { rowid, values: readValues(page.subarray(cursor.at, cursor.at + length)) }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

type Cursor = { page: Buffer; at: number }

function readVarint(cursor: Cursor): number {
  let value = 0n
  for (let i = 0; i < 9; i += 1) {
    const byte = cursor.page.readUInt8(cursor.at)
    cursor.at += 1
    if (i === 8) return Number(BigInt.asIntN(64, (value << 8n) | BigInt(byte)))
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) break
  }
  return Number(value)
}

/** @throws RangeError where header and body do not fit */
function readValues(payload: Buffer): CellValue[] {
  const header = { page: payload, at: 0 }
  const headerBytes = readVarint(header)
  const body = { page: payload, at: headerBytes }
  const values: CellValue[] = []
  while (header.at < headerBytes) values.push(readValue(body, readVarint(header)))
  if (header.at !== headerBytes || body.at !== payload.length) throw new RangeError('no record')
  return values
}

/** Bytes of integers by serial type 1 … 6. */
const integerBytes = [0, 1, 2, 3, 4, 6, 8]

function readValue(body: Cursor, type: number): CellValue {
  if (type === 0) return null
  if (type === 8 || type === 9) return type - 8
  const width = integerBytes[type]
  const length = width ?? (type - 13) / 2
  if (length < 0 || !Number.isInteger(length) || body.at + length > body.page.length) throw new RangeError('no value')
  const at = body.at
  body.at += length
  if (width === undefined) return body.page.toString('utf8', at, at + length)
  return width === 8 ? Number(body.page.readBigInt64BE(at)) : body.page.readIntBE(at, width)
}
