import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Chat } from './Chat'

const app = document.getElementById('app')
if (app !== null) createRoot(app).render(<StrictMode><Chat /></StrictMode>)
