import { isMapToken } from '../../../core/shared/input/option-shape';
import { stringTemplate } from '../../../core/shared/terraform/text';

/** A map of texts for an argument of a resource: its literals are taken as they are. */
export function literals(map: { readonly [key: string]: string } | undefined): { [key: string]: string } | undefined {
  if (map === undefined || isMapToken(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => (
    [stringTemplate(key), typeof value === 'string' ? stringTemplate(value) : value]
  )));
}
