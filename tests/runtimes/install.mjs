import { installed } from '../../scripts/installed.mjs'

/** Installs the runtimes, if they are not there yet, and returns where. */
export const installedRuntimes = () => installed('tests/runtimes', 'runtimes')
