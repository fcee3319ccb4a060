'use client'

import { useEffect } from 'react'
import { EventSource } from 'eventsource-wasm/slim'
import { playInPage } from '../../play'

export default function Page() {
  useEffect(() => {
    // Effects run twice in development.
    const timer = setTimeout(() => playInPage(EventSource))
    return () => clearTimeout(timer)
  }, [])
  return <output />
}
