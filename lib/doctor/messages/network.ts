import type { Message } from './message';

/** What Flux and the SDKs in it say while a cloud answers badly or not at all: seen word for word on a live Flux. */
export const NETWORK: readonly Message[] = [
  {
    title: 'status code 429: the cloud is asked too often',
    sample: 'operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 429',
    pattern: /https response error StatusCode: 429|RESPONSE 429: 429|oauth2\/google: status code 429/,
    layer: 'network',
    cause: 'The token service refuses because too many ask. It is no error of an identity.',
    check: 'how many objects ask, and how often: docs/flux/fleet-limits.md',
    fix: 'Change nothing; Flux recovers by itself. Where it comes back, raise the intervals, and keep the caches of tokens on.',
  },
  {
    title: 'status code 500: the cloud fails',
    sample: 'operation error STS: AssumeRoleWithWebIdentity, exceeded maximum number of attempts, 3, https response error StatusCode: 500',
    pattern: /https response error StatusCode: 5\d\d|RESPONSE 5\d\d: 5\d\d|oauth2\/google: status code 5\d\d/,
    layer: 'network',
    cause: 'The token service, or a proxy before it, has a fault. It is no error of an identity.',
    check: 'the status page of the cloud; the proxy of the controllers',
    fix: 'Change nothing; Flux recovers by itself. A Kustomization tries again after its retryInterval.',
  },
  {
    title: 'context deadline exceeded: the cloud does not answer',
    sample: 'Post "https://sts.eu-west-1.amazonaws.com/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    pattern: new RegExp([
      'Post "https://(?<host>[\\w.-]+)[^"]*": context deadline exceeded', 'unable to resolve an endpoint: server response error: context deadline exceeded',
      'dial tcp[^\\n]{0,200}(?:i/o timeout|connection refused|no such host)',
    ].join('|')),
    layer: 'network',
    cause: 'The address of the token service, or of the resource, is not reached from the pods: a network policy, a firewall, a proxy, DNS; or the cloud hangs.',
    check: 'the address in the text, by curl from a pod of flux-system; network policies there; HTTPS_PROXY of the controllers',
    fix: 'Let the controllers reach the address.',
  },
  {
    title: 'x509: certificate signed by unknown authority',
    sample: 'Post "https://sts.googleapis.com/v1/token": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    pattern: /x509: certificate signed by unknown authority/,
    layer: 'network',
    cause: 'Somebody else than the cloud answers, mostly a proxy that opens TLS; or a registry has an authority of its own.',
    check: 'the issuer of the certificate: openssl s_client -connect, from a pod of flux-system',
    fix: 'Keep the proxy from the addresses of the cloud, or give the controllers its authority; certSecretRef of the object where the registry has its own.',
  },
];
