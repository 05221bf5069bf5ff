import { render } from 'preact'
import 'virtual:tokens.css'
import './kiosk.css'
import { calmGlass } from './calm-glass.ts'
import { Kiosk } from './kiosk.tsx'

calmGlass(document)
const root = document.getElementById('app')
if (root) render(<Kiosk />, root)
