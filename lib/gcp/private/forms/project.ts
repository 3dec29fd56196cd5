import { IConstruct } from 'constructs';
import { lateName, NameForm, parseName } from './resource-name';
import { PROJECT_ID } from './resources';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import type { TerraformCheck } from '../../../core/shared/terraform/check';

/** A project, as the provider takes it, and what Terraform checks of it. */
export interface CheckedProject {
  readonly project?: string;
  readonly late: TerraformCheck[];
}

/** The project of a resource, without `projects/` before it; the provider's when none is given. */
export function checkedProject(at: IConstruct, project: string | undefined): CheckedProject {
  return nameOf(at, project, BARE_ID);
}

/** A project whose ID becomes part of another name: its number will not do, nor the ID of a project of a domain. */
export function checkedPlainProject(at: IConstruct, project: string | undefined, why: string, fix: string): CheckedProject {
  const checked = nameOf(at, project, PLAIN_ID);
  if (checked.project !== undefined && (/^[0-9]+$/.test(checked.project) || checked.project.includes(':'))) {
    throw new ValidationError(at, {
      given: `project ${shown(project)}`, allowed: 'the ID of a project without a domain, for example "acme-prod"', why, fix,
    });
  }
  return checked;
}

function nameOf(at: IConstruct, given: string | undefined, form: NameForm): CheckedProject {
  if (given === undefined) return { late: [] };
  const project = parseName(at, given, PROJECT_ID)?.project ?? given;
  return { project, late: lateName(at, project, form) };
}

/** By token: nothing can take the prefix off that would not hide a wrong value. */
const BARE_ID: NameForm = { ...PROJECT_ID, forms: ['{project}'] };
const PLAIN_ID: NameForm = { ...BARE_ID, parts: { project: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/ } };
