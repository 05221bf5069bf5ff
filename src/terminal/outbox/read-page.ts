/**
 * Reads what stands on one page of an SQLite file without SQLite (sqlite.org/fileformat2.html §1.6, §2.1): records of tables and of
 * WITHOUT ROWID tables. For salvage alone: whoever gets a value from here checks it.
 */
export type CellValue = number | string | null
/** `rowid` is null on a page of a WITHOUT ROWID table or of an index. */
export type Cell = { rowid: number | null; values: CellValue[] }

export const pageBytes = 4096
/** Of an index's b-tree the inner pages hold records too, each behind the number of a child page. */
const kindsOfPage = {
  2: { headerBytes: 12, childBytes: 4, hasRowid: false },
  10: { headerBytes: 8, childBytes: 0, hasRowid: false },
  13: { headerBytes: 8, childBytes: 0, hasRowid: true },
} as const
/** More of a payload than this lies on overflow pages; no record of ours is so long. */
const maxLocalBytes = 1002

/** Cells that can be read of a page that holds records; none for any other. Never throws, whatever the bytes are. */
export function readCells(page: Buffer): Cell[] {
  const kind = kindsOfPage[page[0] as keyof typeof kindsOfPage]
  if (!kind) return []
  const count = page.readUInt16BE(3)
  const cells: Cell[] = []
  for (let i = 0; i < count && kind.headerBytes + 2 * i + 2 <= page.length; i += 1) {
    const at = page.readUInt16BE(kind.headerBytes + 2 * i) + kind.childBytes
    const cell = readCell(page, at, kind.hasRowid)
    if (cell) cells.push(cell)
  }
  return cells
}

function readCell(page: Buffer, at: number, hasRowid: boolean): Cell | null {
  try {
    const cursor = { page, at }
    const length = readVarint(cursor)
    const rowid = hasRowid ? readVarint(cursor) : null
    if (length > maxLocalBytes || cursor.at + length > page.length) return null
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
