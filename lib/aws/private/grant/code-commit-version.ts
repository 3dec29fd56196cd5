import { IConstruct } from 'constructs';
import type { AwsGranted } from './grantee';
import { FluxVersion } from '../../../core/flux-version';
import { requireVersion } from '../../../core/shared/flux/versions';
import { inTree } from '../../../core/shared/input/once-per-app';

/** What is known of an identity: its first grant on CodeCommit, and the oldest Flux that it was configured in. */
interface Uses {
  grant?: IConstruct;
  version?: FluxVersion;
}

const USES = new WeakMap<IConstruct, Uses>();

/** Takes note of a grant, and refuses CodeCommit for an identity that a Flux without it is configured with. */
export function noteGrant(identity: IConstruct, grant: IConstruct, { statements }: AwsGranted): void {
  if (!statements.some(({ actions }) => actions.some((action) => action.startsWith('codecommit:')))) return;
  note(identity, grant, { grant });
}

/** Takes note of the Flux that an identity is configured in, and refuses one without CodeCommit for an identity that has it. */
export function noteVersion(identity: IConstruct, version: FluxVersion): void {
  note(identity, identity, { version });
}

/** Whichever comes second is the error: the order of calls changes nothing else. */
function note(identity: IConstruct, at: IConstruct, uses: Uses): void {
  const versions = Object.values(FluxVersion);
  const known = USES.get(identity) ?? {};
  const version = versions.find((each) => each === known.version || each === uses.version);
  const grant = known.grant !== undefined && inTree(known.grant) ? known.grant : uses.grant;
  if (version !== undefined && grant !== undefined) {
    requireVersion(at, version, FluxVersion.V2_9, `CodeCommit (grant "${grant.node.path}")`,
      'this Flux refuses GitRepositories with `provider: aws`, so nothing would use the grant');
  }
  USES.set(identity, { version, grant });
}
