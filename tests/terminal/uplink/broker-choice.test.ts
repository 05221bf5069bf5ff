import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeBrokerChoice, orderBrokers } from '../../../src/terminal/uplink/broker-choice.ts'

const urls = fc.uniqueArray(fc.webUrl(), { minLength: 1, maxLength: 8 })
const names = Array.from({ length: 6_000 }, (_, i) => `kiosk-${i}`)
const three = ['mqtt://a', 'mqtt://b', 'mqtt://c']

describe('the order of the brokers', () => {
  it('has each broker once and is the same after every start', () => {
    fc.assert(
      fc.property(urls, fc.string(), (list, terminal) => {
        const order = orderBrokers(list, terminal, 'spread')
        expect([...order].sort()).toEqual([...list].sort())
        expect(orderBrokers([...list].reverse(), terminal, 'spread')).toEqual(order)
        expect(orderBrokers(list, terminal, 'listed')).toEqual(list)
      }),
    )
  })

  it('gives every broker an equal share of the terminals, first and second', () => {
    for (const rank of [0, 1]) {
      for (const url of three) {
        const share = names.filter((name) => orderBrokers(three, name, 'spread')[rank] === url).length / names.length
        // Six standard errors of a third of 6,000.
        expect(Math.abs(share - 1 / 3)).toBeLessThan(0.037)
      }
    }
  })

  it('moves only its own terminals when a broker is taken away', () => {
    const rest = three.slice(0, 2)
    for (const name of names) {
      const [first] = orderBrokers(three, name, 'spread')
      if (first !== 'mqtt://c') expect(orderBrokers(rest, name, 'spread')[0]).toBe(first)
    }
  })
})

describe('the choice of a broker', () => {
  it('goes through all in turn while attempts fail, and counts a failure when all have', () => {
    const choice = makeBrokerChoice(three)
    const seen: [string, number][] = []
    for (let i = 0; i < 7; i += 1) {
      seen.push([choice.current(), choice.history().failures])
      choice.noteFailure()
    }
    expect(seen).toEqual([...three.map((url) => [url, 0]), ...three.map((url) => [url, 1]), ...[['mqtt://a', 2]]])
  })

  it('stays with the broker that works, and leaves a lost one for the most preferred of the others', () => {
    const choice = makeBrokerChoice(three)
    choice.noteWelcome()
    expect(choice.history()).toEqual({ wasConnected: true, failures: 0 })
    choice.noteLoss()
    expect(choice.current()).toBe('mqtt://b')
    choice.noteFailure()
    expect(choice.current()).toBe('mqtt://c')
    choice.noteWelcome()
    expect([choice.current(), choice.isPreferred()]).toEqual(['mqtt://c', false])
    choice.noteLoss()
    expect([choice.current(), choice.isPreferred()]).toEqual(['mqtt://a', true])
  })

  it('does not flap: a broker that greets and breaks off at once is left for good while another works', () => {
    const choice = makeBrokerChoice(three.slice(0, 2))
    const visits = { 'mqtt://a': 0, 'mqtt://b': 0 }
    for (let i = 0; i < 10; i += 1) {
      const url = choice.current() as keyof typeof visits
      visits[url] += 1
      choice.noteWelcome()
      if (url === 'mqtt://a') choice.noteLoss()
    }
    expect(visits).toEqual({ 'mqtt://a': 1, 'mqtt://b': 9 })
  })

  it('goes straight back to the one that worked when the preferred one, tried again, does not', () => {
    const choice = makeBrokerChoice(three)
    choice.noteFailure()
    choice.noteFailure()
    choice.noteWelcome()
    choice.tryPreferred()
    expect(choice.current()).toBe('mqtt://a')
    choice.noteFailure()
    expect(choice.current()).toBe('mqtt://c')
    choice.noteFailure()
    expect(choice.current()).toBe('mqtt://a')
    choice.tryPreferred()
    choice.noteWelcome()
    choice.noteLoss()
    choice.noteFailure()
    expect(choice.current()).toBe('mqtt://c')
  })

  it('has but one broker to come back to where there is one', () => {
    const choice = makeBrokerChoice(['mqtt://a'])
    for (const note of [choice.noteFailure, choice.noteWelcome, choice.noteLoss, choice.noteFailure]) {
      note()
      expect([choice.current(), choice.isPreferred()]).toEqual(['mqtt://a', true])
    }
    expect(choice.history()).toEqual({ wasConnected: true, failures: 1 })
  })
})
