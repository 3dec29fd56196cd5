import { rmSync } from 'fs';

export default function teardown(): void {
  rmSync(process.env.PACKAGE_TEST_FOLDER!, { recursive: true, force: true });
}
