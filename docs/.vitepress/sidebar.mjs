/** All pages, in the order in which they are read. */
export const groups = [
  {
    text: 'Start',
    pages: {
      'getting-started': 'Getting started',
      faq: 'FAQ and troubleshooting',
      migration: 'Migration',
    },
  },
  {
    text: 'The class',
    pages: {
      options: 'Options',
      reconnecting: 'Reconnecting',
      errors: 'Errors',
      iteration: 'Async iteration',
      rust: 'Rust',
    },
  },
  {
    text: 'Frameworks',
    pages: {
      'hooks-react': 'React',
      'hooks-vue': 'Vue',
      store: 'Svelte, Solid, Angular and others',
    },
  },
  {
    text: 'What people stream',
    pages: {
      llm: 'LLM replies',
      graphql: 'GraphQL',
      share: 'One connection for all tabs',
      binary: 'Binary data',
    },
  },
  {
    text: 'In production',
    pages: {
      servers: 'Servers',
      testing: 'Testing',
      security: 'Security',
      tracing: 'Tracing',
      'plugging-in': 'Plugging into other libraries',
      compatibility: 'Compatibility',
    },
  },
  {
    text: 'Background',
    pages: {
      deviations: 'Deviations from the standard',
      performance: 'Performance and size',
      sizes: 'Sizes',
      'how-it-works': 'How it works',
    },
  },
]
