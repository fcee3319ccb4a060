export default {
  input: { class: 'src/class.js', react: 'src/react.js' },
  platform: 'browser',
  output: { dir: 'dist/rolldown' },
}
