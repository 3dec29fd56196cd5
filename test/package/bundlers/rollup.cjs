// node rollup.cjs <entry> <bundle>
const { dirname, join } = require('path');
const { existsSync } = require('fs');
const { rollup } = require('rollup');
const commonjs = require('@rollup/plugin-commonjs');
const json = require('@rollup/plugin-json');
const { nodeResolve } = require('@rollup/plugin-node-resolve');

const [entry, bundle] = process.argv.slice(2);
// Rollup leaves a `require` inside a `try` to Node, unless it is told which of them are installed (docs/support.md).
const isMissing = (id) => /^@/.test(id) && !existsSync(join(dirname(entry), 'node_modules', ...id.split('/').slice(0, 2)));
rollup({
  input: entry,
  plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs({ ignoreTryCatch: isMissing, ignoreDynamicRequires: true }), json()],
  onwarn: () => {},
}).then((built) => built.write({ file: bundle, format: 'cjs' })).catch((error) => {
  console.error(error);
  process.exit(1);
});
