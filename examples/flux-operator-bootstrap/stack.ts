import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformHclModule, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxFields, FluxFile, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxKind, FluxManifests,
  FluxOidcProvider, FluxOperatorValues, FluxServiceAccount, FluxTenant, FluxValues, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'
import { PlainProvider } from '../plain-providers';

const REGISTRY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const ECR = 'arn:aws:ecr:eu-west-1:111122223333:repository';

/**
 * The flux-operator-bootstrap module makes the first FluxInstance, Git keeps it from then on: its file is known at synthesis, and holds
 * variables. The module puts their values in the first time, Flux after that, from the ConfigMap that the module keeps.
 */
export class FluxOperatorBootstrap extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    ['helm', 'kubernetes'].forEach((name) => new PlainProvider(this, name, `hashicorp/${name}`, '~> 3.0', {})); // the cluster by their environment

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })];
    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster, version: FluxVersion.V2_9, acknowledgeWarnings: ['tenants-without-lockdown'], // an admission policy keeps tenants apart here
    });
    const values = FluxValues.SUBSTITUTED; // what goes to Git
    const fleet = new FluxIrsaRole(this, 'Fleet', {
      oidcProviders, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.operator()],
    });
    fleet.grant('Fleet', EcrPermissions.pull(`${ECR}/fleet`));
    flux.addIdentity(fleet);
    const tenant = new FluxTenant(this, 'TeamA', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const images = new FluxIrsaRole(tenant, 'Images', { oidcProviders, serviceAccounts: [tenant.serviceAccount] });
    images.grant('Own', EcrPermissions.pull(`${ECR}/team-a/*`));
    tenant.addIdentity(images);

    const instance = new FluxInstanceConfig(this, 'Instance', {
      installation: flux,
      values,
      spec: {
        distribution: { version: '2.9.x', registry: 'ghcr.io/fluxcd' },
        sync: { kind: 'OCIRepository', url: `oci://${REGISTRY}/fleet`, ref: 'latest', path: 'clusters/prod', provider: 'aws' },
      },
    }).yaml;
    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: images });
    const apps = {
      ...source.object,
      metadata: { name: 'apps', namespace: 'team-a' },
      spec: { ...source.spec, url: `oci://${REGISTRY}/team-a/apps`, ref: { tag: 'latest' }, interval: '5m' },
    };
    const root = join(App.of(this).outdir, 'bootstrap'); // in your project: a checkout of the repository
    new FluxFile(this, 'InstanceFile', { root, path: 'clusters/prod/flux-instance.yaml', content: instance });
    new FluxFile(this, 'ManifestsFile', {
      root, path: 'clusters/prod/identities.yaml', content: new FluxManifests(this, 'Manifests', { installation: flux, values }).yaml,
    });
    new FluxFile(this, 'AppsFile', { root, path: 'clusters/prod/team-a.yaml', content: JSON.stringify(apps, undefined, 2) });

    new TerraformHclModule(this, 'Bootstrap', {
      source: 'controlplaneio-fluxcd/flux-operator-bootstrap/kubernetes',
      version: '0.8.0',
      variables: {
        revision: 1,
        gitops_resources: {
          instance_yaml: instance,
          // The operator is Helm's, and never substituted by Flux: it gets values.
          operator_chart: { values_yaml: new FluxOperatorValues(this, 'OperatorValues', { installation: flux }).yaml },
        },
        managed_resources: { runtime_info: { data: flux.runtimeValues, labels: { 'reconcile.fluxcd.io/watch': 'Enabled' } } },
      },
    });
  }
}
