import { AWS } from './aws';
import { AZURE } from './azure';
import { CORE } from './core';
import { FLUX } from './flux';
import { GCP } from './gcp';
import { Rows } from './row';

/** How everything that users can call is used rightly; a test holds the list to the exports. */
export const ROWS: Rows = { ...CORE, ...AWS, ...AZURE, ...GCP, ...FLUX };
