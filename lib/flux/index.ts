export * from './flux-config';
export * from './flux-kustomization';
export * from './flux-manifests';
export * from './flux-remote-cluster';
