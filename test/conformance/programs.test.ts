import { describeWith, Program } from './programs';

const MISSING: Program = { name: 'missing', wanted: 'Missing 1.0' };
const PRESENT: Program = { name: 'node', wanted: 'Node.js', path: process.execPath };

describe('describeWith', () => {
  const suite = () => {};
  const required = process.env.CONFORMANCE;
  let described: jest.Mock & { skip?: jest.Mock };
  const real = global.describe;

  beforeEach(() => {
    described = Object.assign(jest.fn(), { skip: jest.fn() });
    global.describe = described as any;
  });

  afterEach(() => {
    global.describe = real;
    if (required === undefined) delete process.env.CONFORMANCE;
    else process.env.CONFORMANCE = required;
  });

  it('runs the suite when the programs are there', () => {
    describeWith([PRESENT], 'suite', suite);
    expect(described).toHaveBeenCalledWith('suite', suite);
  });

  it('skips it and says so when one is missing on a laptop', () => {
    delete process.env.CONFORMANCE;
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    describeWith([PRESENT, MISSING], 'suite', suite);
    expect(described).not.toHaveBeenCalled();
    expect(described.skip).toHaveBeenCalledWith('suite (not installed: Missing 1.0)', suite);
    expect(said).toHaveBeenCalledWith('Skipped: suite (not installed: Missing 1.0)\n');
    said.mockRestore();
  });

  it('fails when one is missing where it is required', () => {
    process.env.CONFORMANCE = 'required';
    const realIt = global.it;
    const its = jest.fn();
    describeWith([MISSING], 'suite', suite);
    expect(described.skip).not.toHaveBeenCalled();
    global.it = its as any;
    described.mock.calls[0][1]();
    global.it = realIt;
    expect(its.mock.calls[0][1]).toThrow('CONFORMANCE=required, but not installed: Missing 1.0');
  });
});
