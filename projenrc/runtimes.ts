/**
 * The two runtimes that the library is published for: one package each, made of the same source. `SOURCE` is the one whose
 * names the source uses; `scripts/twin` makes the other. All that differs between the two stands here.
 */
export interface Runtime {
  /** The npm package of the runtime, which is also how module specifiers and PyPI names begin. */
  readonly name: 'cdktf' | 'cdktn';
  readonly title: string;
  /** The npm package of this library for it. */
  readonly packageName: string;
  readonly minNodeVersion: string;
  /** Peers: the runtime itself and constructs. */
  readonly runtimeVersion: string;
  readonly constructsVersion: string;
  /** Optional peers, by cloud: a user installs only those of the clouds they use. */
  readonly bindings: { readonly [provider: string]: string };
  /** The oldest bindings, where the peer's range does not say it: of those that a project may have to generate, any version is let in. */
  readonly oldest?: { readonly [provider: string]: string };
  /** What the package is compiled and tested with. */
  readonly tested: { readonly [name: string]: string };
}

export const CDKTF: Runtime = {
  name: 'cdktf',
  title: 'CDK for Terraform',
  packageName: 'cdktf-flux-identity',
  minNodeVersion: '20.9.0',
  runtimeVersion: '^0.21.0',
  constructsVersion: '^10.4.2',
  bindings: {
    aws: '^21.22.0',
    google: '^16.12.0',
    azurerm: '^14.23.0',
    azuread: '^14.3.1', // 14.3.0 was never published
  },
  tested: {
    'cdktf': '0.21.0',
    'constructs': '10.4.2',
    '@cdktf/provider-aws': '21.22.0',
    '@cdktf/provider-google': '16.12.0',
    '@cdktf/provider-azurerm': '14.23.0',
    '@cdktf/provider-azuread': '14.3.1',
  },
};

export const CDKTN: Runtime = {
  name: 'cdktn',
  title: 'CDK Terrain',
  packageName: 'cdktn-flux-identity',
  minNodeVersion: '22.11.0', // what its bindings want
  runtimeVersion: '^0.24.0',
  constructsVersion: '>=10.6.0 <10.8.0',
  bindings: {
    aws: '>=25.5.0 <26',
    google: '*', // not on every registry
    azurerm: '>=16.1.0',
    azuread: '*',
  },
  oldest: { google: '20.0.0', azuread: '17.0.0' }, // the first for this runtime
  tested: {
    'cdktn': '0.24.0',
    'constructs': '10.6.0',
    '@cdktn/provider-aws': '25.7.0',
    '@cdktn/provider-azurerm': '16.1.0',
  },
};

/** The runtime that the source is written for. To turn the direction, rewrite the source with `scripts/twin` and swap the two. */
export const SOURCE = CDKTF;
export const TWIN = CDKTN;

export function bindingName(runtime: Runtime, provider: string): string {
  return `@${runtime.name}/provider-${provider}`;
}

/** The peers of a package. */
export function peersOf(runtime: Runtime): { [name: string]: string } {
  return {
    ...Object.fromEntries(Object.entries(runtime.bindings).map(([provider, version]) => [bindingName(runtime, provider), version])),
    [runtime.name]: runtime.runtimeVersion,
    constructs: runtime.constructsVersion,
  };
}

/** What the package is called in other languages (jsii). */
export function languagesOf(runtime: Runtime): { [language: string]: object } {
  const words = runtime.packageName.split('-');
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return {
    python: { distName: runtime.packageName, module: words.join('_') },
    go: { moduleName: `github.com/cdktf-flux-identity/${runtime.packageName}-go`, packageName: words.join('') },
    java: { package: `io.github.${words.join('')}`, maven: { groupId: `io.github.${words.join('')}`, artifactId: runtime.packageName } },
    dotnet: { namespace: pascal, packageId: pascal },
  };
}

/** The source of `lib/core/shared/package/this-package.ts`: what the running code must know of its own package. */
export function thisPackage(runtime: Runtime): string[] {
  const minimum = (provider: string) => runtime.oldest?.[provider] ?? /\d+\.\d+\.\d+/.exec(runtime.bindings[provider])![0];
  return [
    '/** The runtime that this package is for. */',
    `export const RUNTIME = '${runtime.name}';`,
    '',
    '/** The oldest Node. */',
    `export const MINIMUM_NODE = '${runtime.minNodeVersion}';`,
    '',
    '/** The oldest bindings that have every attribute that is set. */',
    'export const MINIMUM_BINDINGS: { readonly [name: string]: string } = {',
    ...Object.keys(runtime.bindings).map((provider) => `  '${bindingName(runtime, provider)}': '${minimum(provider)}',`),
    '};',
  ];
}
