/**
 * Holes that the fuzz has found and nobody has closed yet: what a slot's name and the finding match. `npm run fuzz` fails for a row
 * that nothing matches any more: take it out.
 */
export const OPEN: readonly { readonly slot: RegExp; readonly found: RegExp; readonly why: string }[] = [
  {
    slot: /^(FluxAzure|Azure|FluxMove)/,
    found: /has unescaped double quotes in it|allocateLogicalId/,
    why: "refused, but in CDKTF's own words: quotes around a token where a condition is made of the text, and \"constructor\" as the id of a construct",
  },
  {
    slot: /./,
    found: /a condition that refers to nothing/,
    why: 'a function of Terraform whose arguments are all known is no value that only Terraform knows: Terraform refuses the condition, and says so',
  },
];
