import { readFileSync } from 'fs';
import { IConstruct } from 'constructs';
import { instanceOf } from './shared/input/option-shape';
import { checkMarks, checkValue } from './shared/input/options';
import { shown, ValidationError } from './shared/input/validation-error';
import { jwksJson, JwksSource, parseJwks } from './shared/oidc/jwks';
import { sorted } from './shared/sort';
import { hasToken, requirePlain } from './shared/terraform/tokens';

/**
 * The public keys with which a cluster's service account tokens are verified: what `kubectl get --raw /openid/v1/jwks` shows.
 *
 * Keys are taken as a JWKS, as single JWKs, or as PEM public keys (`sa.pub` with kubeadm), in any mixture; a key without `kid`
 * gets the one that Kubernetes gives it. While a signing key is rotated, pass the old and the new one:
 * `Jwks.fromFile('old.json', 'new.pub')`.
 *
 * Private keys, symmetric keys, doubles, RSA keys under 2,048 bits and keys that Kubernetes does not sign with are errors; the
 * construct that takes the keys reports them.
 *
 * Guide: docs/cluster-issuers.md
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */
export class Jwks {
  /**
   * Keys by their text.
   *
   * @param texts a JWKS, a JWK or PEM public keys each; or one token that stands for a whole JWKS, which is not checked
   */
  public static fromText(...texts: string[]): Jwks {
    return new Jwks(() => texts.map((text, index) => ({ what: `JWKS text ${index + 1}`, text })));
  }

  /**
   * Keys by files, read at synth.
   *
   * @param paths files that hold a JWKS, a JWK or PEM public keys each
   */
  public static fromFile(...paths: string[]): Jwks {
    return new Jwks((at) => paths.map((path) => ({ what: `JWKS file ${shown(path)}`, text: readKeys(at, path) })));
  }

  private constructor(private readonly sources: (at: IConstruct | undefined) => JwksSource[]) {}

  /**
   * These keys and others: for a rotation, the old ones and the new one.
   *
   * @param other the other keys
   */
  public and(other: Jwks): Jwks {
    checkValue(undefined, 'other keys', other, instanceOf<Jwks>('a Jwks', () => Jwks));
    return new Jwks((at) => [...this.sources(at), ...other.sources(at)]);
  }

  /** @internal The keys as compact JSON, in an order of their own. */
  public _json(at: IConstruct): string {
    const token = this.token(at);
    return token ?? jwksJson(parseJwks(at, this.sources(at)));
  }

  /** @internal The algorithms that tokens can be signed with, sorted; undefined when only Terraform knows the keys. */
  public _algorithms(at: IConstruct): string[] | undefined {
    return this.token(at) === undefined ? sorted(parseJwks(at, this.sources(at)).map(({ alg }) => alg)) : undefined;
  }

  private token(at: IConstruct): string | undefined {
    const sources = this.sources(at);
    sources.forEach(({ what, text }) => checkMarks(at, what, text));
    const tokens = sources.filter(({ text }) => typeof text === 'string' && hasToken(text));
    if (tokens.length === 0) return undefined;
    if (sources.length === 1) return sources[0].text;
    throw new ValidationError(at, {
      given: `${sources.length} JWKS texts of which ${tokens.length} are known only at apply.`,
      allowed: 'several texts known at synth, or one token that stands for the whole JWKS',
      why: 'a key set is one JSON document, and keys that nobody knows yet cannot be merged into it or told apart',
      fix: 'pass the keys as files or texts, or one token of a JWKS that holds them all',
    });
  }
}

function readKeys(at: IConstruct | undefined, path: string): string {
  requirePlain(at, 'JWKS file', path);
  try {
    return readFileSync(path, 'utf8');
  } catch (error: any) {
    throw new ValidationError(at, {
      given: `JWKS file ${shown(path)} (${error.code})`,
      allowed: 'the path of a file that can be read where the program runs',
      why: 'the keys are read at synth',
      fix: 'write it with `kubectl get --raw /openid/v1/jwks > jwks.json` and pass its path',
    });
  }
}
