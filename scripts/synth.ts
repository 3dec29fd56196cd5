import { readFileSync } from 'fs';
import { join } from 'path';

// Synthesizes every example, then says in a line per stack what came out.
import '../examples/main';

const out = process.env.CDKTF_OUTDIR ?? 'cdktf.out';
const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
for (const { name, synthesizedStackPath } of Object.values<any>(manifest.stacks)) {
  const stack = JSON.parse(readFileSync(join(out, synthesizedStackPath), 'utf8'));
  const count = (kind: string, prefix: string) => Object.entries(stack[kind] ?? {})
    .map(([type, byId]) => `${prefix}${type} x${Object.keys(byId as object).length}`);
  const outputs = Object.keys(stack.output ?? {}).join(', ') || 'none';
  console.log(`${name}: ${[...count('resource', ''), ...count('data', 'data.')].join(', ')}; outputs: ${outputs}`);
}
