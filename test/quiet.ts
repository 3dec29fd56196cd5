/** A passing run is quiet: what comes to the console is a failure of the test that brings it, unless the test listens there. */
const METHODS = ['debug', 'info', 'log', 'warn', 'error'] as const;
let said: string[] = [];

beforeEach(() => {
  said = [];
  for (const method of METHODS) console[method] = (...words: unknown[]) => { said.push(`${method}: ${words.map(String).join(' ').slice(0, 300)}`); };
});

afterEach(() => {
  expect(said).toEqual([]);
});
