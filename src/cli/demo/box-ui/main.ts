/// <reference lib="dom" />
/** The box's page: four buttons that press simulated pins, and the three lights as the firmware drives them. */
import 'virtual:tokens.css'
import './box.css'
import { lightColours } from '../../../looks/colours.ts'
import { drawFace } from '../../../looks/face.ts'
import { moodsOfScale } from '../../../looks/mood.ts'

type Lights = Record<'green' | 'amber' | 'red', boolean>
const labels = ['Very happy', 'Happy', 'Unhappy', 'Very unhappy']

function find(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no #${id}`)
  return element
}
const state = find('state')

async function press(button: number): Promise<void> {
  try {
    const answer = await fetch(`/api/buttons/${button}`, { method: 'POST' })
    state.textContent = answer.ok ? `Pressed ${labels[button - 1]}.` : `The box refused: ${answer.status}.`
  } catch {
    state.textContent = 'The demo does not answer. Is it still running?'
  }
}

function makeButton(mood: Parameters<typeof drawFace>[0], index: number): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.innerHTML = drawFace(mood, lightColours)
  button.setAttribute('aria-label', `${index + 1}: ${labels[index]}`)
  button.addEventListener('click', () => void press(index + 1))
  return button
}

function showLights(lights: Lights): void {
  for (const lamp of document.querySelectorAll<HTMLElement>('[data-light]')) {
    lamp.classList.toggle('lit', lights[lamp.dataset.light as keyof Lights])
  }
}

find('buttons').append(...(moodsOfScale(3) ?? []).map(makeButton))
document.addEventListener('keydown', (event) => {
  if (!event.repeat && /^[1-4]$/.test(event.key)) void press(Number(event.key))
})
const events = new EventSource('/api/lights')
events.addEventListener('lights', (event) => showLights(JSON.parse(event.data)))
events.addEventListener('open', () => {
  state.textContent = 'Ready. Press a face.'
})
events.addEventListener('error', () => {
  state.textContent = 'Connection to the demo lost; trying again.'
})
