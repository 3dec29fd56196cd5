// node webpack.cjs <entry> <bundle>
const { dirname, basename } = require('path');
const webpack = require('webpack');

const [entry, bundle] = process.argv.slice(2);
webpack({
  mode: 'none', target: 'node', entry, output: { path: dirname(bundle), filename: basename(bundle) }, context: dirname(entry),
}, (error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exit(1);
  }
});
