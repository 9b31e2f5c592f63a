/** AWS's partitions: which regions, and under which names their services stand. */
const partitions = [
  [/^cn-\w+-\d+$/, "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"],
  [/^eusc-(de)-\w+-\d+$/, "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"],
  [/^us-iso-\w+-\d+$/, "aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"],
  [/^us-isob-\w+-\d+$/, "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"],
  [/^eu-isoe-\w+-\d+$/, "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"],
  [/^us-isof-\w+-\d+$/, "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"],
  [/^us-gov-\w+-\d+$/, "aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"],
];

/** The partition of a region, as the SDK's own rules tell it without a list of every region and its name (5 KB). */
export function partition(region) {
  const found = partitions.find(([regions]) => regions.test(region));
  const [, name, dnsSuffix, dualStackDnsSuffix, implicitGlobalRegion] = found ?? [0, "aws", "amazonaws.com", "api.aws", "us-east-1"];
  return { name, dnsSuffix, dualStackDnsSuffix, implicitGlobalRegion, supportsDualStack: true, supportsFIPS: true };
}
