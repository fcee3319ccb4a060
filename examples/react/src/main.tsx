import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Prices } from './Prices'

const app = document.getElementById('app')
if (app !== null) createRoot(app).render(<StrictMode><Prices /></StrictMode>)
