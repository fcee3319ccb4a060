// How Chromium is called, and how it is started without a window, for tests and benchmarks.

/** What it is called on PATH. */
export const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export const options = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
]
