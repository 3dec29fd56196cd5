import { Construct } from 'constructs';
import { SERVICES } from '../../../../lib/aws/services';
import { FluxController } from '../../../../lib/core/flux-controller';
import { FluxCloud } from '../../../../lib/core/flux-identity';
import { FluxKind } from '../../../../lib/core/flux-kind';
import { FluxSecret } from '../../../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../../../lib/core/flux-service-account';
import { FluxVersion } from '../../../../lib/core/flux-version';
import { Grant } from '../../../../lib/core/grant';
import { FluxIdentityBase } from '../../../../lib/core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../../lib/core/shared/flux/operator';
import { CredentialKind, PermissionFacts, ServiceFacts } from '../../../../lib/core/shared/flux/service';
import { checkUse, checkUseIn, inputTypesOf, kindsUsing } from '../../../../lib/core/shared/flux/use';
import { refused, stack } from '../../../support';

/** A service of a cloud that has every kind of user. */
const SERVICE: ServiceFacts = {
  name: 'Some Service',
  cloud: FluxCloud.AZURE,
  rights: ['some'],
  verbs: {
    read: { kinds: [FluxKind.BUCKET] },
    clone: { kinds: [FluxKind.GIT_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER] },
    push: { kinds: [FluxKind.GIT_REPOSITORY, FluxKind.IMAGE_UPDATE_AUTOMATION] },
    notify: { kinds: [FluxKind.AZURE_DEVOPS_PROVIDER] },
  },
  levels: {
    [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'],
    [CredentialKind.POD_IDENTITY]: ['controller'],
    [CredentialKind.STATIC]: ['controller', 'object'],
  },
  inputTypes: ['SomeBranch'],
  docs: 'https://example.com',
};
const NO_KEYS: ServiceFacts = { ...SERVICE, levels: { [CredentialKind.WORKLOAD_IDENTITY]: ['controller'], [CredentialKind.NODE]: ['node'] } };

const HELM_ONLY: ServiceFacts = { ...SERVICE, verbs: { pull: { kinds: [FluxKind.HELM_REPOSITORY] } } };

const { SOURCE, KUSTOMIZE, IMAGE_AUTOMATION, NOTIFICATION } = FluxController;
const account = (controller: FluxController) => FluxServiceAccount.controller(controller);
const OBJECT = FluxServiceAccount.of('apps', 'flux');

interface Of {
  readonly accounts?: FluxServiceAccount[];
  readonly secrets?: FluxSecret[];
  readonly by?: CredentialKind;
  readonly untested?: boolean;
}

class Identity extends FluxIdentityBase {
  public readonly cloud = FluxCloud.AZURE;
  public readonly serviceAccounts: FluxServiceAccount[];
  public readonly _credential: CredentialKind;
  public readonly _trust = [];
  public readonly _principals = [];

  public constructor(scope: Construct, private readonly of: Of) {
    super(scope, 'Identity');
    this.serviceAccounts = of.accounts ?? [];
    this._credential = of.by ?? CredentialKind.WORKLOAD_IDENTITY;
  }

  public get _secrets(): FluxSecret[] {
    return this.of.secrets ?? [];
  }

  public get _takesUntested(): boolean {
    return this.of.untested ?? false;
  }

  public trusts(): boolean {
    return true;
  }

  public fluxSettings(): object {
    return {};
  }

  public fluxObjects(): any[] {
    return [];
  }
}

const check = (of: Of, facts: PermissionFacts) => () => {
  const identity = new Identity(stack(), of);
  checkUse(identity, identity, facts);
};

describe('a grant that somebody can use passes', () => {
  it.each<[string, Of, PermissionFacts]>([
    ['a controller', { accounts: [account(SOURCE)] }, { service: SERVICE, verb: 'read' }],
    ['one controller of several', { accounts: [account(SOURCE), account(NOTIFICATION)] }, { service: SERVICE, verb: 'notify' }],
    ['an object-level account', { accounts: [OBJECT] }, { service: SERVICE, verb: 'read' }],
    ['pushing, for image-automation', { accounts: [account(IMAGE_AUTOMATION)] }, { service: SERVICE, verb: 'push' }],
    ['pushing, for source-controller too', { accounts: [account(SOURCE)] }, { service: SERVICE, verb: 'push' }],
    ['the operator', { accounts: [FluxServiceAccount.operator()] }, { service: SERVICE, verb: 'clone' }],
    ['any verb, where users composed the rights', { accounts: [account(NOTIFICATION)] }, { service: SERVICE }],
    ['the Secret of the service', { secrets: [FluxSecret.bucket('a', 'b')], by: CredentialKind.STATIC }, { service: SERVICE, verb: 'read' }],
    ['a static credential of a controller', { accounts: [account(SOURCE)], by: CredentialKind.STATIC }, { service: SERVICE, verb: 'read' }],
    ['nodes, where Flux tests them', { by: CredentialKind.NODE }, { service: NO_KEYS, verb: 'read' }],
    ['nodes, where the user says so', { by: CredentialKind.NODE, untested: true }, { service: SERVICE, verb: 'read' }],
    ['nodes with rights of the user\'s own, where the user says so', { by: CredentialKind.NODE, untested: true }, {}],
    ['what nobody can judge', { accounts: [account(KUSTOMIZE)] }, {}],
  ])('%s', (_name, of, facts) => {
    expect(check(of, facts)).not.toThrow();
  });
});

describe('a grant that nobody can use names who could', () => {
  it.each<[string, Of, PermissionFacts, { given: string; allowed: string; why: string; fix: string }]>([
    ['the wrong controller', { accounts: [account(KUSTOMIZE)] }, { service: SERVICE, verb: 'read' }, {
      given: '[test/Identity] permission "read" on Some Service for an identity by workload identity of flux-system/kustomize-controller is not accepted.',
      allowed: 'identities of source-controller, object-level accounts',
      why: 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name',
      fix: 'add FluxServiceAccount.controller(FluxController.SOURCE) to the identity, or grant it to another',
    }],
    ['pulling alone, for image-automation', { accounts: [account(IMAGE_AUTOMATION)] }, { service: SERVICE, verb: 'clone' }, {
      given: '[test/Identity] permission "clone" on Some Service for an identity by workload identity of flux-system/image-automation-controller is not accepted.',
      allowed: 'identities of flux-operator, source-controller, object-level accounts',
      why: 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name',
      fix: 'add FluxServiceAccount.operator() or FluxServiceAccount.controller(FluxController.SOURCE) to the identity, or grant it to another',
    }],
    ['the Secret of another kind', { secrets: [FluxSecret.sops('a', 'b')], by: CredentialKind.STATIC }, { service: SERVICE, verb: 'read' }, {
      given: '[test/Identity] permission "read" on Some Service for an identity by static credential of Secret a/b (FluxSecret.sops) is not accepted.',
      allowed: 'identities of source-controller, FluxSecret.bucket',
      why: 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name',
      fix: 'add FluxServiceAccount.controller(FluxController.SOURCE) to the identity, or grant it to another',
    }],
    ['a kind that reads no Secret', { secrets: [FluxSecret.bucket('a', 'b')], by: CredentialKind.STATIC }, { service: SERVICE, verb: 'notify' }, {
      given: '[test/Identity] permission "notify" on Some Service for an identity by static credential of Secret a/b (FluxSecret.bucket) is not accepted.',
      allowed: 'identities of notification-controller',
      why: 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name',
      fix: 'add FluxServiceAccount.controller(FluxController.NOTIFICATION) to the identity, or grant it to another',
    }],
    ['a kind of credential', { accounts: [account(SOURCE)], by: CredentialKind.STATIC }, { service: NO_KEYS, verb: 'read' }, {
      given: '[test/Identity] permission "read" on Some Service for an identity by static credential of flux-system/source-controller is not accepted.',
      allowed: 'identities by node, workload identity',
      why: 'Flux has no way to use Some Service with a static credential',
      fix: 'grant it to an identity by workload identity',
    }],
    ['object level, where it does not exist', { accounts: [OBJECT] }, { service: NO_KEYS }, {
      given: '[test/Identity] a permission on Some Service for an identity by workload identity of apps/flux is not accepted.',
      allowed: 'identities of flux-operator, image-automation-controller, notification-controller, source-controller',
      why: 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name',
      fix: expect.stringContaining('or grant it to another') as unknown as string,
    }],
    ['object level, where no object can name an account', { accounts: [OBJECT], secrets: [FluxSecret.sops('a', 'b')] }, { service: HELM_ONLY }, {
      given: '[test/Identity] a permission on Some Service for an identity by workload identity of Secret a/b (FluxSecret.sops), apps/flux is not accepted.',
      allowed: 'identities of source-controller, object-level accounts',
      why: expect.stringContaining('no Flux object would ever use the grant') as unknown as string,
      fix: 'add FluxServiceAccount.controller(FluxController.SOURCE) to the identity, or grant it to another',
    }],
    ['a credential of nobody, where only objects can use it', {}, { service: { ...SERVICE, levels: { [CredentialKind.WORKLOAD_IDENTITY]: ['object'], [CredentialKind.STATIC]: [] } } }, {
      given: '[test/Identity] a permission on Some Service for an identity by workload identity of nobody is not accepted.',
      allowed: 'identities of object-level accounts',
      why: expect.stringContaining('no Flux object would ever use the grant') as unknown as string,
      fix: 'grant it to an identity of one of them',
    }],
    ['a kind of credential that works nowhere', { by: CredentialKind.POD_IDENTITY }, { service: { ...NO_KEYS, levels: { ...NO_KEYS.levels, [CredentialKind.STATIC]: [] } } }, {
      given: '[test/Identity] a permission on Some Service for an identity by Pod Identity of nobody is not accepted.',
      allowed: 'identities by node, workload identity',
      why: 'Flux has no way to use Some Service with a Pod Identity',
      fix: 'grant it to an identity by workload identity',
    }],
    ['nodes', { by: CredentialKind.NODE }, { service: SERVICE, verb: 'read' }, {
      given: '[test/Identity] permission "read" on Some Service for the identity of the nodes is not accepted.',
      allowed: 'identities by Pod Identity, static credential, workload identity',
      why: 'Flux tests the identity of the nodes with container registries only, and every pod of the nodes would have the right',
      fix: 'grant it to an identity by workload identity; or take what is untested with `use: FluxNodeUse.UNTESTED`',
    }],
    ['nodes, with rights of the user\'s own', { by: CredentialKind.NODE }, {}, {
      given: '[test/Identity] a permission of your own for the identity of the nodes is not accepted.',
      allowed: 'permissions to pull from container registries',
      why: 'Flux tests the identity of the nodes with container registries only, and every pod of the nodes would have the right',
      fix: 'grant it to an identity by workload identity; or take what is untested with `use: FluxNodeUse.UNTESTED`',
    }],
  ])('%s', (_name, of, facts, problem) => {
    expect(refused(check(of, facts))).toMatchObject(problem);
  });
});

describe('in one installation', () => {
  const some = [SOURCE, IMAGE_AUTOMATION, NOTIFICATION];
  const inFlux = (version: FluxVersion, of: Of, facts: PermissionFacts, controllers: FluxController[] = some) => () => {
    const scope = stack();
    const identity = new Identity(scope, of);
    identity._addGrant({ grant: Grant._make(identity, 'Git'), ...facts, rights: [], made: [] });
    checkUseIn(scope, { version, controllers }, identity, identity._grants[0]);
  };

  it('a later Flux is named', () => {
    const { given, allowed, why, fix } = refused(inFlux(FluxVersion.V2_6, { accounts: [OBJECT] }, { service: SERVICE, verb: 'clone' }));
    expect(given).toBe('[test] grant "test/Identity/Git" (permission "clone" on Some Service) in Flux 2.6.');
    expect(allowed).toBe('Flux 2.7 and later');
    expect(why).toBe('this Flux knows no GitRepository that would use the grant');
    expect(fix).toBe('upgrade to Flux 2.7, or remove the grant');
  });

  it('a missing controller is named', () => {
    const { given, allowed } = refused(inFlux(FluxVersion.V2_10, { accounts: [OBJECT] }, { service: SERVICE, verb: 'read' }, [NOTIFICATION]));
    expect(given).toBe('[test] grant "test/Identity/Git" (permission "read" on Some Service) in a Flux with notification-controller.');
    expect(allowed).toBe('an installation with source-controller');
  });

  it.each<[string, FluxVersion, Of, PermissionFacts, FluxController[] | undefined]>([
    ['a controller may be older than object level', FluxVersion.V2_6, { accounts: [account(SOURCE)] }, { service: SERVICE, verb: 'clone' }, undefined],
    ['object level from its Flux on', FluxVersion.V2_7, { accounts: [OBJECT] }, { service: SERVICE, verb: 'clone' }, undefined],
    ['the operator has versions of its own', FluxVersion.V2_6, { accounts: [OBJECT] }, { service: SERVICE, verb: 'clone' }, [SOURCE, FLUX_OPERATOR]],
    ['a Secret', FluxVersion.V2_6, { secrets: [FluxSecret.bucket('a', 'b')], by: CredentialKind.STATIC }, { service: SERVICE, verb: 'read' }, undefined],
    ['nodes', FluxVersion.V2_6, { by: CredentialKind.NODE }, { service: NO_KEYS, verb: 'read' }, undefined],
    ['nodes with accounts of a later Flux', FluxVersion.V2_6, { by: CredentialKind.NODE, accounts: [OBJECT], untested: true }, { service: SERVICE, verb: 'clone' }, undefined],
    ['what no object uses in any Flux', FluxVersion.V2_6, { accounts: [account(KUSTOMIZE)] }, { service: SERVICE, verb: 'read' }, undefined],
    ['what nobody can judge', FluxVersion.V2_6, { accounts: [OBJECT] }, {}, undefined],
  ])('%s', (_name, version, of, facts, controllers) => {
    expect(inFlux(version, of, facts, controllers)).not.toThrow();
  });
});

describe('the kinds of object that use a grant', () => {
  const kinds = (of: Of, facts: PermissionFacts, version = FluxVersion.V2_9, controllers: FluxController[] = some) => {
    const identity = new Identity(stack(), of);
    identity._addGrant({ grant: Grant._make(identity, 'Git'), ...facts, rights: [], made: [] });
    return kindsUsing({ version, controllers }, identity, identity._grants[0]);
  };
  const some = [SOURCE, IMAGE_AUTOMATION];

  it.each<[string, Of, PermissionFacts, FluxVersion, string[]]>([
    ['a controller, by its own kinds', { accounts: [account(SOURCE)] }, { service: SERVICE, verb: 'push' }, FluxVersion.V2_9, ['GitRepository']],
    ['an account, by the kinds of this Flux', { accounts: [OBJECT] }, { service: SERVICE, verb: 'push' }, FluxVersion.V2_7, ['GitRepository', 'ImageUpdateAutomation']],
    ['an account, in an older Flux', { accounts: [OBJECT] }, { service: SERVICE, verb: 'push' }, FluxVersion.V2_6, []],
    ['a kind whose objects name no account', { accounts: [OBJECT] }, { service: HELM_ONLY }, FluxVersion.V2_9, []],
    ['a Secret, by the kinds that read it', { secrets: [FluxSecret.bucket('a', 'b')], by: CredentialKind.STATIC }, { service: SERVICE }, FluxVersion.V2_6, ['Bucket']],
    ['nodes, by all that are installed', { by: CredentialKind.NODE }, { service: { ...NO_KEYS, verbs: SERVICE.verbs }, verb: 'clone' }, FluxVersion.V2_6, ['GitRepository']],
    ['nobody knows which, where users composed the rights', { accounts: [OBJECT] }, {}, FluxVersion.V2_9, []],
  ])('%s', (_, of, facts, version, expected) => {
    expect(kinds(of, facts, version)).toEqual(expected);
  });
});

describe('what a ResourceSetInputProvider lists', () => {
  const types = (...services: ServiceFacts[]) => {
    const identity = new Identity(stack(), {});
    services.forEach((service, index) => {
      identity._addGrant({ grant: Grant._make(identity, `G${index}`), service, rights: [], made: [] });
    });
    return inputTypesOf(identity);
  };

  it('is what the grants allow, the registry of the cloud first', () => {
    expect(types()).toEqual(['ACRArtifactTag']);
    expect(types(SERVICES.s3)).toEqual(['ACRArtifactTag']);
    expect(types(SERVICE)).toEqual(['SomeBranch']);
    expect(types({ ...SERVICE, inputTypes: undefined })).toEqual(['ACRArtifactTag']);
    expect(types({ ...SERVICE, verbs: { read: SERVICE.verbs.read } })).toEqual(['ACRArtifactTag']);
    expect(types(SERVICE, { ...SERVICE, inputTypes: ['ACRArtifactTag'] })).toEqual(['ACRArtifactTag', 'SomeBranch']);
  });
});
