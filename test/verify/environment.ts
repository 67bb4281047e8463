/** Credentials and settings as a machine without AWS has them: nothing of this machine's own is read, nothing outside it asked. */
const isolated: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Runs each test of the file in that environment, and puts the old one back. */
export function isolateEnvironment(): void {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env).filter((each) => each.startsWith('AWS_'))) {
      delete process.env[name];
    }
    Object.assign(process.env, isolated);
  });
  afterAll(() => {
    process.env = before;
  });
}
