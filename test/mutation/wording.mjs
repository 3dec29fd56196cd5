import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Parts of an error: what they say is held by the tests of errors, word by word, and opens nothing when it changes. */
const PARTS = ['given', 'allowed', 'why', 'fix', 'what', 'errorMessage'];

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'wording', {
  shouldIgnore({ node, parent }) {
    const text = node.type === 'StringLiteral' || node.type === 'TemplateLiteral' || node.type === 'ConditionalExpression' ? node : undefined;
    if (text !== undefined && parent?.type === 'CallExpression' && /^refuse/.test(parent.callee.name)) return 'the wording of an error';
    if (text !== undefined && parent?.type === 'ObjectProperty' && parent.value === node && PARTS.includes(parent.key.name)) return 'the wording of an error';
    return undefined;
  },
})];
