/** The dashboard: shows store managers what the central's API says. It holds no figures of its own. */
import { render } from 'preact'
import 'virtual:tokens.css'
import './dashboard.css'
import { App } from './app.tsx'

const root = document.getElementById('app')
if (root) render(<App />, root)
