import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role';
import { TerraformProvider, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { checkIamLength } from './private/forms/length';
import { checkedProject } from './private/forms/project';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { checkedScope } from '../core/shared/input/construct-ids';
import { claim, valueKey } from '../core/shared/input/once-per-app';
import { PROVIDER, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { lifecycleOf } from '../core/shared/terraform/check';
import { literal } from '../core/shared/terraform/text';
import { checkText } from '../core/shared/terraform/text-form';

/** Options of `FluxGcpBucketRole`. */
export interface FluxGcpBucketRoleProps {
  /** The id of the role: 3 to 64 of letters, digits, `_` and `.`; may be a token. A deleted id stays taken for up to 37 days. */
  readonly roleId: string;
  /**
   * The name that people read, at most 100 characters.
   *
   * @default Flux bucket reader
   */
  readonly title?: string;
  /**
   * The project of the role: that of the buckets; may be a token.
   *
   * @default - the provider's
   */
  readonly project?: string;
  /**
   * The Google provider.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * A custom role that holds exactly the three permissions that Flux needs of a bucket, in place of the two predefined roles
 * that `CloudStoragePermissions.read` grants otherwise. One role serves all buckets of a project.
 *
 * Guide: docs/gcp.md#permissions
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-cloud-storage
 */
@allOrNothing
export class FluxGcpBucketRole extends Construct {
  /** The full name of the role. */
  public readonly roleName: string;

  public constructor(scope: Construct, id: string, props: FluxGcpBucketRoleProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxGcpBucketRole', props, {
      roleId: TEXT,
      title: TEXT.optional,
      project: TEXT.optional,
      provider: PROVIDER.optional,
    });
    const { roleId, title = 'Flux bucket reader', provider } = props;
    const { project, late: lateProject } = checkedProject(this, props.project);
    const late = [
      ...lateProject,
      ...checkText(this, roleId, {
        what: 'role id',
        pattern: /^[a-zA-Z0-9_.]{3,64}$/,
        allowed: '3 to 64 of letters, digits, "_" and "."; no "-"',
        why: 'IAM refuses other ids',
        fix: 'choose another id, for example "fluxBucketReader"',
      }),
      ...checkIamLength(this, 'title', title, 100, 'bytes'),
    ];
    const place = project === undefined ? (provider ?? TerraformStack.of(this)).node.path : valueKey(this, project);
    const other = claim(this, `Google role ${place}/${valueKey(this, roleId)}`);
    if (other !== undefined) {
      throw new ValidationError(this, {
        given: `role id ${shown(roleId)}, which "${other.node.path}" makes already in that project.`,
        allowed: 'each id once in a project',
        why: 'IAM answers 409 for the second at apply',
        fix: 'hand the one role to all permissions: it serves every bucket of the project',
      });
    }
    this.roleName = new ProjectIamCustomRole(this, 'Resource', {
      roleId,
      title: literal(title),
      description: 'What Flux needs of a bucket: to see that it exists, to list it and to read its objects.',
      permissions: ['storage.buckets.get', 'storage.objects.get', 'storage.objects.list'],
      project,
      provider,
      lifecycle: lifecycleOf(late),
    }).name;
  }
}
