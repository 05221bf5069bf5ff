// A reader of one JSON value, written from RFC 8259 alone and without JSON.parse, so that the second decoder shares no
// step with the first. Nesting is kept on a stack of its own: a payload of 32,768 brackets must not end the reader.
// Of members with one name the last counts, and a number is the nearest double (WIRE.md §2).

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Frame = { list: Json[] } | { members: { [name: string]: Json }; name: string }

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' }
const WORDS: [string, null | boolean][] = [
  ['null', null],
  ['true', true],
  ['false', false],
]

class NoJson extends Error {}

/** Reads one JSON value with nothing but white space around it; undefined where the text is none. */
export function readJsonText(text: string): Json | undefined {
  try {
    return new Reader(text).readWhole()
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

class Reader {
  private readonly text: string
  private at = 0
  private readonly open: Frame[] = []

  constructor(text: string) {
    this.text = text
  }

  readWhole(): Json {
    let value = this.readStart()
    for (let frame = this.open.at(-1); frame !== undefined; frame = this.open.at(-1)) {
      value = this.place(value, frame) ?? this.readStart()
    }
    this.skipBlanks()
    if (this.at !== this.text.length) throw new NoJson()
    return value
  }

  /** Opens arrays and objects until one value is whole: a scalar or an empty container. */
  private readStart(): Json {
    for (;;) {
      this.skipBlanks()
      if (this.take('[')) {
        this.skipBlanks()
        if (this.take(']')) return []
        this.open.push({ list: [] })
      } else if (this.take('{')) {
        this.skipBlanks()
        if (this.take('}')) return {}
        this.open.push({ members: {}, name: this.readName() })
      } else return this.readScalar()
    }
  }

  /** Puts a whole value into the innermost container; gives that container once it is whole itself. */
  private place(value: Json, frame: Frame): Json | undefined {
    if ('list' in frame) frame.list.push(value)
    else setMember(frame.members, frame.name, value)
    this.skipBlanks()
    if (this.take(',')) {
      if ('members' in frame) frame.name = this.readName()
      return undefined
    }
    this.need('list' in frame ? ']' : '}')
    this.open.pop()
    return 'list' in frame ? frame.list : frame.members
  }

  private readName(): string {
    this.skipBlanks()
    const name = this.readString()
    this.skipBlanks()
    this.need(':')
    return name
  }

  private readScalar(): Json {
    if (this.text[this.at] === '"') return this.readString()
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    return this.readNumber()
  }

  private readNumber(): number {
    const from = this.at
    this.take('-')
    if (!this.take('0')) this.digits()
    if (this.take('.')) this.digits()
    if (this.take('e') || this.take('E')) {
      if (!this.take('+')) this.take('-')
      this.digits()
    }
    return Number(this.text.slice(from, this.at))
  }

  private digits(): void {
    const from = this.at
    while (this.text.charAt(this.at) >= '0' && this.text.charAt(this.at) <= '9') this.at++
    if (this.at === from) throw new NoJson()
  }

  private readString(): string {
    this.need('"')
    let read = ''
    while (!this.take('"')) {
      const unit = this.text.charAt(this.at++)
      if (unit === '' || unit < ' ') throw new NoJson()
      read += unit === '\\' ? this.readEscape() : unit
    }
    return read
  }

  private readEscape(): string {
    const letter = this.text.charAt(this.at++)
    if (letter !== 'u') {
      const unit = ESCAPES[letter]
      if (unit === undefined) throw new NoJson()
      return unit
    }
    const digits = this.text.slice(this.at, this.at + 4)
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw new NoJson()
    this.at += 4
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text.charAt(this.at))) this.at++
  }

  private take(unit: string): boolean {
    if (this.text[this.at] !== unit) return false
    this.at++
    return true
  }

  private need(unit: string): void {
    if (!this.take(unit)) throw new NoJson()
  }
}

/** A member named `__proto__` is a member like any other. */
function setMember(members: { [name: string]: Json }, name: string, value: Json): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true })
}
