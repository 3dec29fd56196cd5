import { Tokenization } from 'cdktf';
import { splitAtTokens } from '../../core/shared/tokens';

/**
 * The text with references to attributes spelled out: each read of an attribute is a token of its own, and only this tells
 * that two of them are the same value.
 */
export function stableText(value: string): string {
  return splitAtTokens(value).map((part, index) => {
    if (index % 2 === 0) return part;
    const { identifier, originStack } = Tokenization.reverseString(part).tokens[0] as any;
    return typeof identifier === 'string' ? `<${originStack?.node.path}:${identifier}>` : part;
  }).join('');
}
