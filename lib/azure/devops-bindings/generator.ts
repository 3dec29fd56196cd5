/** The provider that the bindings are for. */
export const GENERATOR = { providerName: 'azuredevops', providerVersion: '1.16.0', providerVersionConstraint: '~> 1.16' };

/** Its address in the registry. */
export const SOURCE = 'microsoft/azuredevops';
