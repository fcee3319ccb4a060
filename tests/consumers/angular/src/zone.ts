import { ChangeDetectionStrategy, Component, provideZoneChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { listen } from './listen'

/** A plain field is shown only if the listeners run in Angular's zone. */
@Component({ selector: 'app-root', template: '<output>{{ heard }}</output>', changeDetection: ChangeDetectionStrategy.Eager })
class App {
  heard = ''

  constructor() {
    listen((text) => {
      this.heard = `${this.heard} ${text}`.trim()
    })
  }
}

bootstrapApplication(App, { providers: [provideZoneChangeDetection()] })
