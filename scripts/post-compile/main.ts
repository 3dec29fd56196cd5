/**
 * What becomes of the compiler's output, before it is packed. In its own folder, or in the one that is named.
 */
import { join, resolve } from 'path';
import { withoutBindings } from './assembly';
import { guides } from './guides';
import { internalMembers } from './internal-members';
import { lazyExports } from './lazy-exports';
import { optionalBindings } from './optional-bindings';

const root = resolve(process.argv[2] ?? join(__dirname, '..', '..'));
const lib = join(root, 'lib');

optionalBindings(lib);
lazyExports(lib);
internalMembers(lib);
withoutBindings(root);
guides(root);
