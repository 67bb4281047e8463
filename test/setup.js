// The CDK's own CloudFormation validation costs seconds per test file; the gate and `cdk synth` run it, unit tests do not.
process.env.CDK_VALIDATION ??= 'false';
