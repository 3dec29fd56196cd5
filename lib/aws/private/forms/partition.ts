/** What is known of a partition. */
interface PartitionFacts {
  /** What its hosts end in. */
  readonly suffix: string;
  /** What the names of its regions begin with; the others are of `aws`. */
  readonly regions?: string;
}

/**
 * The partitions of AWS.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
const PARTITIONS: { readonly [name: string]: PartitionFacts } = {
  'aws': { suffix: 'amazonaws.com' },
  'aws-cn': { suffix: 'amazonaws.com.cn', regions: 'cn-' },
  'aws-us-gov': { suffix: 'amazonaws.com', regions: 'us-gov-' },
  'aws-eusc': { suffix: 'amazonaws.eu', regions: 'eusc-' },
  'aws-iso': { suffix: 'c2s.ic.gov', regions: 'us-iso-' },
  'aws-iso-b': { suffix: 'sc2s.sgov.gov', regions: 'us-isob-' },
  'aws-iso-e': { suffix: 'cloud.adc-e.uk', regions: 'eu-isoe-' },
  'aws-iso-f': { suffix: 'csp.hci.ic.gov', regions: 'us-isof-' },
};

/** Their names, as errors list them. */
export const PARTITION_NAMES = Object.keys(PARTITIONS);

/** Whether AWS has a partition of that name. */
export function isPartition(name: string): boolean {
  return Object.hasOwn(PARTITIONS, name);
}

/** What the hosts of a partition end in. */
export function suffixOf(partition: string): string {
  return PARTITIONS[partition].suffix;
}

/** The partition of a region. */
export function partitionOfRegion(region: string): string {
  return PARTITION_NAMES.find((name) => PARTITIONS[name].regions !== undefined && region.startsWith(PARTITIONS[name].regions)) ?? 'aws';
}
