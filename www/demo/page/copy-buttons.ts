const SHOWN_MS = 2000

/** Adds a copy button to every block of code. */
export function addCopyButtons(): void {
  if (navigator.clipboard === undefined) return
  for (const block of document.querySelectorAll<HTMLElement>('[data-copy]')) block.append(copyButton(block))
}

function copyButton(block: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.addEventListener('click', () => void copy(block, button))
  return button
}

async function copy(block: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const isShown = (code: HTMLElement) => code.checkVisibility()
  const text = [...block.querySelectorAll('code')].find(isShown)?.textContent ?? ''
  const done = await navigator.clipboard.writeText(text).then(() => 'Copied', () => 'Not allowed')
  button.textContent = done
  setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS)
}
