import type { Presence, TabState } from './presence.js'

const ROLES: Record<TabState['role'], string> = {
  joining: 'joins',
  leading: 'leads',
  following: 'follows',
  alone: 'on its own',
  away: 'away',
  over: 'closed',
  own: 'on its own',
}

/** A row for every tab with this page. */
export function showTabs(body: HTMLElement, presence: Presence, own: string): void {
  body.replaceChildren(...presence.tabs().map(({ state, isSilent }) => {
    const row = document.createElement('tr')
    row.dataset['role'] = isSilent ? 'silent' : state.role
    const { name, role, lastNumber, missing, twice } = state
    const title = document.createElement('th')
    title.scope = 'row'
    title.textContent = state.id === own ? `${name}, this one` : name
    const cells = [isSilent ? 'silent' : ROLES[role], lastNumber ?? '–', missing, twice].map((content, index) => {
      const cell = document.createElement('td')
      if (index > 0) cell.className = 'number'
      cell.textContent = String(content)
      return cell
    })
    row.append(title, ...cells)
    return row
  }))
}
