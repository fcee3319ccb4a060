module.exports = {
  mode: 'production',
  entry: { class: './src/class.js' },
  output: { path: `${__dirname}/dist`, filename: '[name].js' },
  performance: { hints: false },
  module: {
    rules: [{
      // Its parser is of 2018.
      test: /\.c?js$/,
      type: 'javascript/auto',
      use: { loader: 'babel-loader', options: { presets: [['@babel/preset-env', { targets: 'chrome 64' }]] } },
    }],
  },
}
