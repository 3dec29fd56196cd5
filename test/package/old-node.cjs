// What the library sees of an old Node.
Object.defineProperty(process.versions, 'node', { value: '18.20.0' });
