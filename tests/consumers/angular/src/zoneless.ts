import { Component, provideZonelessChangeDetection, signal } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { listen } from './listen'

@Component({ selector: 'app-root', template: '<output>{{ heard().join(" ") }}</output>' })
class App {
  readonly heard = signal<string[]>([])

  constructor() {
    listen((text) => this.heard.update((heard) => [...heard, text]))
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] })
