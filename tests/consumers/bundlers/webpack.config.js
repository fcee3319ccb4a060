import { join } from 'node:path'
import webpack from 'webpack'
import { vueFlags } from './vue-flags.js'

const { dirname } = import.meta

export default {
  mode: 'production',
  entry: { class: './src/class.js', slim: './src/slim.js', react: './src/react.js', vue: './src/vue.js', worker: './src/worker.js' },
  output: { path: join(dirname, 'dist', 'webpack'), filename: '[name].js' },
  plugins: [new webpack.DefinePlugin(vueFlags)],
  performance: { hints: false },
  devServer: { static: join(dirname, 'pages'), client: { overlay: false } },
}
