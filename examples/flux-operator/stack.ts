import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxOidcProvider, FluxOperatorValues,
  FluxServiceAccount, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on EKS, installed by the Flux Operator: `instance` is the `instance_yaml` of the flux-operator-bootstrap module. */
export class FluxOperator extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: cluster });

    // The operator lists tags for its ResourceSets, Flux pulls what they point to.
    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders: [oidc],
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.operator(),
      ],
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));

    const sops = new FluxIrsaRole(this, 'Sops', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster,
      version: FluxVersion.V2_10,
      identities: [images, sops],
      controllers: [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.HELM, FluxController.NOTIFICATION],
    });
    const instance = new FluxInstanceConfig(this, 'Instance', {
      installation: flux,
      spec: {
        cluster: { type: 'aws', size: 'medium' },
        sync: {
          kind: 'OCIRepository',
          url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/fleet',
          ref: 'latest',
          path: 'clusters/prod',
          provider: 'aws',
        },
      },
    });
    new TerraformOutput(this, 'instance', { value: instance.yaml });
    new TerraformOutput(this, 'operatorValues', { value: new FluxOperatorValues(this, 'OperatorValues', { installation: flux }).yaml });
  }
}
